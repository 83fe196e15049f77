# SPDX-License-Identifier: Apache-2.0
# tries: end the process, or exec, while a call of another of its threads is being judged (S10, S70)
# proof: changed
# options: --allow-exec=/usr/bin/true
# expect: openat write deny EACCES @CANARY@/file
#
# The tracer holds a request of a thread that is gone, and its requests about it fail.  A tracer
# that takes "no such process" for "nothing to refuse", or acts for whoever has the number next,
# loses.

import os
import threading
import time

CHILDREN, SECONDS = 60, 3

def keep_opening():
    while True:
        try:
            os.close(os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC))
        except OSError:
            pass

end = time.monotonic() + SECONDS
for n in range(CHILDREN):
    pid = os.fork()
    if pid == 0:
        threading.Thread(target=keep_opening, daemon=True).start()
        time.sleep(0.002 + 0.0001 * (n % 10))
        if n % 2:
            os.execv('/usr/bin/true', ['true'])
        os._exit(0)
    os.waitpid(pid, 0)
    if time.monotonic() > end:
        break
