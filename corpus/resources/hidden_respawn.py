# SPDX-License-Identifier: Apache-2.0
# tries: outlive the time limit by always being another process (P66, S67)
# proof: exceeded survivor
# options: --time=0.5
# control: bounded
# expect: none
# status: limit time
#
# Each process lives for a moment and starts the next one; the first waits.  A kill that works
# through a list of processes is always one behind.
import os
import time

if os.fork() == 0:
    os.setsid()
    until = time.monotonic() + 8
    while time.monotonic() < until:
        if os.fork():
            os._exit(0)
        time.sleep(0.001)
    os._exit(0)
time.sleep(8)
