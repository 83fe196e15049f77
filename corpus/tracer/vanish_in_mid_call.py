# SPDX-License-Identifier: Apache-2.0
# tries: die in the middle of calls, so that the tracer acts for nobody (S70, S10)
# proof: changed tracer
# expect: openat write deny EACCES @CANARY@/file
#
# Between a stop and the answer a process may be killed; requests then fail with ESRCH.  A tracer
# that takes this for its own failure ends; one that takes it for success lets the next call go.
import os
import signal
import time

CHILDREN = 40

for i in range(CHILDREN):
    pid = os.fork()
    if pid == 0:
        while True:
            try:
                os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
            except OSError:
                pass
    time.sleep(0.002 + i % 7 * 0.0007)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
