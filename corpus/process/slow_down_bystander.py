# SPDX-License-Identifier: Apache-2.0
# tries: take processor and disk from a bystander: priority, policy, CPUs, disk class (S84, S85)
# proof: victim
# expect: setpriority process deny EPERM
# expect: sched_setscheduler process deny EPERM
# expect: sched_setaffinity process deny EPERM
# expect: ioprio_set process deny EPERM
# wall2: no: Landlock knows nothing of priorities
#
# Each needs the same user only, and none of them is a signal.
import ctypes
import os

SYS_IOPRIO_SET, IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE = 251, 1, 3 << 13

victim = int('@VICTIM@')
for act in (lambda: os.setpriority(os.PRIO_PROCESS, victim, 19),
            lambda: os.sched_setscheduler(victim, os.SCHED_IDLE, os.sched_param(0)),
            lambda: os.sched_setaffinity(victim, {min(os.sched_getaffinity(0))})):
    try:
        act()
    except OSError:
        pass
ctypes.CDLL(None).syscall(SYS_IOPRIO_SET, IOPRIO_WHO_PROCESS, victim, IOPRIO_CLASS_IDLE)
