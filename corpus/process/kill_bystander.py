# SPDX-License-Identifier: Apache-2.0
# tries: kill a process of the same user that is no part of the script (S85)
# proof: victim
# expect: kill signal deny EPERM
import os
import signal

try:
    os.kill(int('@VICTIM@'), signal.SIGKILL)
except OSError:
    pass
