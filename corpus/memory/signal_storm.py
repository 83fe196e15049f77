# SPDX-License-Identifier: Apache-2.0
# tries: interrupt the same call with signals all the time, so that it is restarted (S47)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write allow * *
#
# A call that a signal ends before the tracer has answered is started again by the kernel.  Who
# pairs entries with exits by counting takes one call for the next: the permitted one was judged,
# the other is made.  Permitted and refused opens alternate here.

import os
import signal
import time

ROUNDS, SECONDS = 2000, 2

signal.signal(signal.SIGALRM, lambda number, frame: None)
signal.siginterrupt(signal.SIGALRM, False)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
end = time.monotonic() + SECONDS
for n in range(ROUNDS):
    for path, flags in (('@WORK@/%d' % n, os.O_WRONLY | os.O_CREAT | os.O_EXCL),
                        ('@CANARY@/file', os.O_WRONLY | os.O_TRUNC)):
        try:
            os.close(os.open(path, flags))
        except OSError:
            pass
    if time.monotonic() > end:
        break
signal.setitimer(signal.ITIMER_REAL, 0)
