# SPDX-License-Identifier: Apache-2.0
# tries: start a child in new user and mount namespaces, and mount there (S62, S86)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: clone process deny EPERM
# needs: userns
#
# clone(2) makes namespaces as unshare(2) does.  A jail that refuses the one call and forgets the
# flags of the other is left by the same door.
import ctypes
import os
import signal

SYS_CLONE = 56
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_BIND = 4096

libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(SYS_CLONE, CLONE_NEWUSER | CLONE_NEWNS | signal.SIGCHLD, 0, 0, 0, 0)
if pid == 0:
    libc.mount(b'@CANARY@', b'@WORK@', None, MS_BIND, None)
    try:
        with open('@WORK@/file', 'r+') as f:
            f.write('through another name\n')
    finally:
        os._exit(0)
if pid > 0:
    os.waitpid(pid, 0)
