# SPDX-License-Identifier: Apache-2.0
# tries: mount the protected folder below a permitted one, in namespaces of its own (S86)
# proof: changed
# needs: userns
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: unshare system deny EPERM
# expect: mount system deny EPERM
#
# A user namespace gives anybody the capabilities to mount.  After the mount the protected file has
# a path that the policy allows, and that path is true.

import ctypes
import os

SYS_unshare, SYS_mount = 272, 165
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_BIND = 4096

libc = ctypes.CDLL(None)
try:
    os.mkdir('@WORK@/m')
    if libc.syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS):
        libc.syscall(SYS_unshare, CLONE_NEWNS)
    libc.syscall(SYS_mount, b'@CANARY@', b'@WORK@/m', None, ctypes.c_long(MS_BIND), None)
    os.open('@WORK@/m/file', os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
