# SPDX-License-Identifier: Apache-2.0
# tries: starve the tracer: priority, policy, CPUs (S84)
# proof: tracer
# expect: setpriority process deny EPERM
# expect: sched_setscheduler process deny EPERM
# expect: sched_setaffinity process deny EPERM
# wall2: no: Landlock knows nothing of priorities
#
# A watcher that runs last loses every race, and every limit that it keeps is late.
import os
import time

tracer = os.getppid()
for act in (lambda: os.setpriority(os.PRIO_PROCESS, tracer, 19),
            lambda: os.sched_setscheduler(tracer, os.SCHED_IDLE, os.sched_param(0)),
            lambda: os.sched_setaffinity(tracer, {min(os.sched_getaffinity(0))})):
    try:
        act()
    except OSError:
        pass
time.sleep(0.2)
