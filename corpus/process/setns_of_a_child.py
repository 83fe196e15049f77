# SPDX-License-Identifier: Apache-2.0
# tries: follow a child into its namespaces with setns, and write through its mount (S86)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: unshare system deny EPERM
# expect: setns system deny EPERM
# needs: userns python>=3.9
#
# The one who enters did not unshare: a jail that remembers which process has left its namespace
# by its unshare calls does not know about this one.
import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_BIND = 4096

libc = ctypes.CDLL(None, use_errno=True)
ready, tell = os.pipe()
hold, end = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(end)
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNS)
    libc.mount(b'@CANARY@', b'@WORK@', None, MS_BIND, None)
    os.write(tell, b'.')
    os.read(hold, 1)
    os._exit(0)
os.read(ready, 1)
libc.setns(os.pidfd_open(pid), CLONE_NEWUSER | CLONE_NEWNS)
try:
    with open('@WORK@/file', 'r+') as f:
        f.write('through another name\n')
except OSError:
    pass
os.close(end)
os.waitpid(pid, 0)
