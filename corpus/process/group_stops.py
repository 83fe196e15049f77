# SPDX-License-Identifier: Apache-2.0
# tries: stop and continue a child in the middle of its calls until one of them slips (S71)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# A group stop between the two stops of a call breaks tracers that count stops to tell entry from
# exit, and those that take SIGSTOP for their own.
import os
import signal
import time

pid = os.fork()
if pid == 0:
    while True:
        try:
            with open('@CANARY@/file', 'w') as f:
                f.write('between two stops\n')
        except OSError:
            pass
for i in range(60):
    time.sleep(0.002)
    os.kill(pid, (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN)[i % 3])
    time.sleep(0.002)
    os.kill(pid, signal.SIGCONT)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
