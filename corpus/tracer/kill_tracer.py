# SPDX-License-Identifier: Apache-2.0
# tries: kill the process that watches the script (S80, P68)
# proof: tracer
# expect: kill signal deny EPERM
#
# It is the parent: its number is no secret.  A tracee whose tracer is gone runs on, unwatched.
import os
import signal

try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass
