# SPDX-License-Identifier: Apache-2.0
# tries: use the processor in children that each live too briefly to be caught (P65)
# proof: exceeded
# options: --cpu=0.5 --time=20
# control: bounded
# expect: none
# status: limit cpu
#
# RLIMIT_CPU counts one process.  What has ended is in no /proc any more: it must have been added
# up before.
import os
import signal
import time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
until = time.monotonic() + 8
while time.monotonic() < until:
    if os.fork() == 0:
        for i in range(300000):
            pass
        os._exit(0)
    time.sleep(0.02)
