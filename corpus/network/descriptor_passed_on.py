# SPDX-License-Identifier: Apache-2.0
# tries: pass a read-only descriptor to another process, and make it a writing one there (S102, S23)
# proof: changed
# options: --allow-read=@CANARY@
# needs: python>=3.9
# expect: openat write deny EACCES @CANARY@/file
# expect: fchmod write deny EACCES @CANARY@/file
# wall2: no: mode by descriptor is in no Landlock right
#
# SCM_RIGHTS brings a descriptor into a process that never opened it.  A tracer that remembers who
# opened what has no entry for it.
import os
import socket

ours, theirs = socket.socketpair()
if os.fork() == 0:
    with open('@CANARY@/file') as f:
        socket.send_fds(ours, [b'.'], [f.fileno()])
    os._exit(0)
_, (descriptor,), _, _ = socket.recv_fds(theirs, 1, 1)
os.wait()
for act in (lambda: os.open(f'/proc/self/fd/{descriptor}', os.O_WRONLY | os.O_TRUNC),
            lambda: os.open(f'/dev/fd/{descriptor}', os.O_RDWR | os.O_TRUNC),
            lambda: os.fchmod(descriptor, 0o600)):
    try:
        act()
    except OSError:
        pass
