# SPDX-License-Identifier: Apache-2.0
# tries: signal the group of a child that has ended: it is there until somebody waits for it

import os
import signal

def attempt(group, number):
    try:
        os.killpg(group, number)
        return True
    except ProcessLookupError:
        return False

for i in range(3):
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert attempt(child, 0) and attempt(child, signal.SIGTERM)
    os.waitpid(child, 0)
    assert not attempt(child, 0)
print('gone')
