# SPDX-License-Identifier: Apache-2.0
# tries: kill every process that the user may signal (S80)
# proof: victim tracer
# control: none: kill(-1) would end everything that this user runs
# expect: kill signal allow
# needs: landlock kernel>=6.12
#
# Number -1 means everybody.  Within the script it may be delivered: its own child gets it.  On
# older kernels Landlock has no scope for signals: not a thing to try behind that wall alone.
import os
import signal
import time

if os.fork() == 0:
    time.sleep(5)
    os._exit(0)
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
