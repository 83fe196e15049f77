# SPDX-License-Identifier: Apache-2.0
# tries: let a child take over orphans, and hide a daemon below it (S67, S88)
# proof: survivor
# expect: prctl system deny EPERM
#
# Orphans come to the nearest subreaper.  A jail that is one itself, so that no daemon gets away,
# loses those of a subreaper below it.
import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36

libc = ctypes.CDLL(None, use_errno=True)
if os.fork() == 0:
    os.closerange(0, 3)
    os.setsid()
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if os.fork() == 0:
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(3)
        os._exit(0)
    time.sleep(3)
    os._exit(0)
time.sleep(0.2)
