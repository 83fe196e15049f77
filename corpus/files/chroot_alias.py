# SPDX-License-Identifier: Apache-2.0
# tries: change the root folder, so that a protected file has a permitted one's name (S09, S86)
# proof: changed
# needs: userns
# options: --allow-read=@WORK@ --allow-write=@WORK@,/file
# expect: unshare system deny EPERM
# expect: chroot system deny EPERM
#
# The policy allows "/file", which does not exist.  Below the new root the canary's file has exactly
# this name; only a jail that knows about the root of each thread sees the difference.

import ctypes
import os

SYS_unshare, SYS_chroot = 272, 161
CLONE_NEWUSER = 0x10000000

libc = ctypes.CDLL(None)
libc.syscall(SYS_unshare, CLONE_NEWUSER)
libc.syscall(SYS_chroot, b'@CANARY@')
try:
    os.open('/file', os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
