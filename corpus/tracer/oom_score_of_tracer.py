# SPDX-License-Identifier: Apache-2.0
# tries: make the tracer the first to die when memory runs out (S84)
# proof: tracer
# options: --allow-read=/proc --allow-write=/proc
# expect: openat write deny EACCES
#
# Raising the score of a process of the same user needs no privilege, only a file in /proc.
import os
import time

try:
    with open(f'/proc/{os.getppid()}/oom_score_adj', 'w') as f:
        f.write('1000')
except OSError:
    pass
time.sleep(0.2)
