# SPDX-License-Identifier: Apache-2.0
# tries: leave a thread behind that tries to write until the guard is lifted (P49)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: audit
#
# exec() returns, the trusted code believes that the untrusted code has ended and lifts its lock.
# The thread is not a daemon: the interpreter itself waits for it before it ends.

import threading
import time


def write():
    for _ in range(100):
        try:
            open('@CANARY@/file', 'w').write('PWNED')
            return
        except OSError:
            time.sleep(0.01)


threading.Thread(target=write).start()
