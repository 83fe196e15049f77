# SPDX-License-Identifier: Apache-2.0
# tries: stop the tracer, so that no limit is kept and nobody answers (S81)
# proof: tracer
# expect: kill signal deny EPERM
#
# A stopped supervisor is not dead: nothing that waits for its death notices.
import os
import signal
import time

try:
    os.kill(os.getppid(), signal.SIGSTOP)
except OSError:
    pass
time.sleep(0.3)
