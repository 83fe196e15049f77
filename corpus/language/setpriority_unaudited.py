# SPDX-License-Identifier: Apache-2.0
# tries: change another process's priority and processors, which raises no audit event (P23)
# proof: victim
# expect: setpriority process deny EPERM *
# expect: sched_setaffinity process deny EPERM *
# wall2: no: Landlock knows signals only
# for: audit
#
# Hooks watch for files and programs.  Other processes of the same user are neither.

import os

VICTIM = int('@VICTIM@')

for attack in (lambda: os.setpriority(os.PRIO_PROCESS, VICTIM, 19),
               lambda: os.sched_setaffinity(VICTIM, {min(os.sched_getaffinity(0))})):
    try:
        attack()
    except OSError as e:
        print(e)
