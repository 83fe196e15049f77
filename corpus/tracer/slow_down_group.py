# SPDX-License-Identifier: Apache-2.0
# tries: slow down the tracer with the whole process group, naming no process at all (S84)
# proof: tracer
# expect: setpriority process deny EPERM
# expect: ioprio_set process deny EPERM
# wall2: no: Landlock knows nothing of priorities
#
# The script is in its caller's group, and so is the tracer.  With PRIO_PGRP and number 0 there is
# no process id that a check could compare.
import ctypes
import os
import time

SYS_IOPRIO_SET, IOPRIO_WHO_PGRP, IOPRIO_CLASS_IDLE = 251, 2, 3 << 13

try:
    os.setpriority(os.PRIO_PGRP, 0, 19)
except OSError:
    pass
ctypes.CDLL(None).syscall(SYS_IOPRIO_SET, IOPRIO_WHO_PGRP, 0, IOPRIO_CLASS_IDLE)
time.sleep(0.2)
