# SPDX-License-Identifier: Apache-2.0
# tries: open a protected file for writing by its file handle, without any path (S20, S87)
# proof: changed
# needs: root
# expect: open_by_handle_at system deny EPERM
#
# A handle is file system plus inode number, and can be guessed: containers were left this way (the
# "shocker" exploit).  The kernel asks for CAP_DAC_READ_SEARCH: ordinary users have no control, and
# with wall 2 alone it is the missing capability that refuses.

import ctypes
import os

SYS_name_to_handle_at, SYS_open_by_handle_at = 303, 304
AT_FDCWD = -100
MAX_HANDLE_SZ = 128

libc = ctypes.CDLL(None)
handle = (ctypes.c_uint32 * (2 + MAX_HANDLE_SZ // 4))(MAX_HANDLE_SZ)
mount = ctypes.c_int()
libc.syscall(SYS_name_to_handle_at, AT_FDCWD, b'@CANARY@/file', handle, ctypes.byref(mount), 0)
here = os.open('@BASE@/s', os.O_RDONLY)
libc.syscall(SYS_open_by_handle_at, here, handle, os.O_WRONLY | os.O_TRUNC)
