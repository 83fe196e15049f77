# SPDX-License-Identifier: Apache-2.0
# tries: lock a file against a child by flock and by fcntl
# options: --allow-read=@WORK@ --allow-write=@WORK@

import fcntl
import os


def is_locked_for_child(lock):
    if (child := os.fork()) == 0:
        with open('@WORK@/lock', 'r+') as f:
            try:
                lock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os._exit(0)
            except BlockingIOError:
                os._exit(1)
    return os.WEXITSTATUS(os.waitpid(child, 0)[1])


for lock in fcntl.flock, fcntl.lockf:
    with open('@WORK@/lock', 'w') as f:
        lock(f, fcntl.LOCK_EX)
        assert is_locked_for_child(lock)
        lock(f, fcntl.LOCK_UN)
        assert not is_locked_for_child(lock)
print(fcntl.fcntl(0, fcntl.F_GETFD) & fcntl.FD_CLOEXEC)
