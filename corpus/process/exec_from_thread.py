# SPDX-License-Identifier: Apache-2.0
# tries: run another program from a thread that is not the leader, and write from there (S69)
# proof: changed
# options: --allow-exec=@PYTHON@
# expect: execve exec allow
# expect: openat write deny EACCES @CANARY@/file
#
# The kernel gives the thread the leader's id and lets the others vanish without a word.  A tracer
# that keeps state by thread id then takes one for the other, or loses it.
import os
import threading
import time

WRITES = '''
try:
    open('@CANARY@/file', 'w').write('by the next program')
except OSError:
    pass
'''

for i in range(3):
    threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
threading.Thread(target=os.execv, args=('@PYTHON@', ['@PYTHON@', '-c', WRITES])).start()
time.sleep(5)
