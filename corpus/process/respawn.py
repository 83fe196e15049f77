# SPDX-License-Identifier: Apache-2.0
# tries: outrun the end of the run: each process forks its successor and is gone (S67, J08)
# proof: survivor
# expect: none
#
# Whoever looks for processes and kills what it found comes too late for the next one.
import os
import time

if os.fork() == 0:
    os.closerange(0, 3)
    os.setsid()
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        if os.fork():
            os._exit(0)
    time.sleep(3)
    os._exit(0)
time.sleep(0.2)
