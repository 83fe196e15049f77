# SPDX-License-Identifier: Apache-2.0
# tries: kill a bystander by the number of its process group (S85)
# proof: victim
# expect: kill signal allow ESRCH
#
# A negative number means a group.  Checks that look for one process under this number find none.
import os
import signal

try:
    os.kill(-int('@VICTIM@'), signal.SIGKILL)
except OSError:
    pass
