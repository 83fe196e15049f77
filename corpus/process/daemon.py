# SPDX-License-Identifier: Apache-2.0
# tries: leave a daemon behind that writes when nobody watches any more (S67)
# proof: survivor changed
# expect: none
#
# Forked twice, in a session of its own, without descriptors, deaf to every signal that can be
# ignored: neither killing a process group nor the death of the parent ends it.
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        for number in range(1, signal.NSIG):
            if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
                signal.signal(number, signal.SIG_IGN)
        os.chdir('/')
        time.sleep(0.7)
        try:
            with open('@CANARY@/file', 'w') as f:
                f.write('by the daemon\n')
        except OSError:
            pass
        time.sleep(3)
    os._exit(0)
os.wait()
