# SPDX-License-Identifier: Apache-2.0
# tries: take descriptors, memory and processor time from the tracer by limits (S84)
# proof: tracer
# expect: prlimit64 process deny EPERM
# wall2: no: Landlock knows nothing of limits
#
# A tracer that can open nothing can neither read memory nor resolve a path; what it does then
# decides.  RLIMIT_CPU even kills.
import os
import resource
import time

for limit in resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_AS:
    try:
        resource.prlimit(os.getppid(), limit, (1, 1))
    except OSError:
        pass
time.sleep(0.2)
