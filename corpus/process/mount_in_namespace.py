# SPDX-License-Identifier: Apache-2.0
# tries: lay the protected folder over the permitted one in a mount namespace (S86)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: unshare system deny EPERM
# needs: userns
#
# Anybody may make a user namespace, and is root in it: enough to mount.  A bind mount changes what
# a permitted name means, and a jail that judges names sees a permitted one.
import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_BIND = 4096

libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(CLONE_NEWUSER | CLONE_NEWNS)
libc.mount(b'@CANARY@', b'@WORK@', None, MS_BIND, None)
try:
    with open('@WORK@/file', 'r+') as f:
        f.write('through another name\n')
except OSError:
    pass
