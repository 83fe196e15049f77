# SPDX-License-Identifier: Apache-2.0
# tries: write from a thread after the leader of the thread group has ended (S68)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# exit(2), unlike exit_group(2), ends one thread.  When the leader does it, the process looks like a
# zombie, and whoever waits for that pid alone believes that all is over.
import ctypes
import os
import threading
import time

SYS_EXIT = 60


def go_on():
    time.sleep(0.3)
    try:
        with open('@CANARY@/file', 'w') as f:
            f.write('after the end\n')
    except OSError:
        pass
    os._exit(0)


threading.Thread(target=go_on).start()
ctypes.CDLL(None).syscall(SYS_EXIT, 0)
