# SPDX-License-Identifier: Apache-2.0
# tries: read a secret by its file handle (S20, S87)
# proof: printed
# needs: root
# expect: open_by_handle_at system deny EPERM
#
# name_to_handle_at only asks, and passes.  What it answers opens the file without a path, for those
# who hold CAP_DAC_READ_SEARCH: ordinary users have no control.  With wall 2 alone it is the missing
# capability that refuses.

import ctypes
import os

SYS_name_to_handle_at, SYS_open_by_handle_at = 303, 304
AT_FDCWD = -100
MAX_HANDLE_SZ = 128

libc = ctypes.CDLL(None)
handle = (ctypes.c_uint32 * (2 + MAX_HANDLE_SZ // 4))(MAX_HANDLE_SZ)
mount = ctypes.c_int()
libc.syscall(SYS_name_to_handle_at, AT_FDCWD, b'@CANARY@/secret', handle, ctypes.byref(mount), 0)
here = os.open('@BASE@/s', os.O_RDONLY)
fd = libc.syscall(SYS_open_by_handle_at, here, handle, os.O_RDONLY)
if fd >= 0:
    print(os.read(fd, 100))
