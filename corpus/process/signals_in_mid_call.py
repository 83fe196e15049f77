# SPDX-License-Identifier: Apache-2.0
# tries: interrupt calls by a flood of signals, so that one is restarted unseen (S47)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# An interrupted call is made again by the kernel, and its stop comes again, or does not.  A tracer
# that counts stops loses the beat, and answers for the wrong call.
import os
import signal
import time


def write(*_):
    try:
        with open('@CANARY@/file', 'w') as f:
            f.write('between two signals\n')
    except OSError:
        pass


signal.signal(signal.SIGALRM, write)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
until = time.monotonic() + 0.5
while time.monotonic() < until:
    write()
    os.kill(os.getpid(), 0)
signal.setitimer(signal.ITIMER_REAL, 0)
