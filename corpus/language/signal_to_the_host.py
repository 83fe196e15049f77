# SPDX-License-Identifier: Apache-2.0
# tries: kill the process that started this one, by a call that raises no audit event (P23, P68)
# proof: tracer
# expect: pidfd_open process deny EPERM *
# needs: python>=3.9
# for: audit-process
#
# In a process of its own the hook is safe from the code's mistakes, and the host is not: both
# have the same user.

import os
import signal

try:
    signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)
except OSError as e:
    print(e)
