# SPDX-License-Identifier: Apache-2.0
# tries: use a relative name whose folder is a thread's or a child's, not the leader's (S26)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/link
#
# The parent stands in WORK, where "file" may be written.  A child stands in the canary; a thread
# tries to get a current folder of its own.  Looking at /proc/PID/cwd of the wrong task says WORK.

import ctypes
import os
import threading

SYS_unshare = 272
CLONE_FS = 0x200

libc = ctypes.CDLL(None)

def from_a_thread():
    if libc.syscall(SYS_unshare, CLONE_FS) == 0:
        os.chdir('@CANARY@')
        libc.open(b'file', os.O_WRONLY | os.O_TRUNC)

os.chdir('@WORK@')
thread = threading.Thread(target=from_a_thread)
thread.start()
thread.join()
pid = os.fork()
if pid == 0:
    os.chdir('@CANARY@')
    libc.open(b'file', os.O_WRONLY | os.O_TRUNC)
    libc.unlink(b'link')
    os._exit(0)
os.waitpid(pid, 0)
