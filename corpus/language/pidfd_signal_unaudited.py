# SPDX-License-Identifier: Apache-2.0
# tries: kill another process by pidfd_send_signal, which raises no audit event (P23)
# proof: victim
# expect: pidfd_open process deny EPERM *
# needs: python>=3.9
# for: audit
#
# os.kill has an event.  The newer way to send a signal has none: neither the descriptor for a
# process nor the signal sent to it.

import os
import signal

try:
    signal.pidfd_send_signal(os.pidfd_open(int('@VICTIM@')), signal.SIGKILL)
except OSError as e:
    print(e)
