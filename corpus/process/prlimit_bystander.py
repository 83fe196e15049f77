# SPDX-License-Identifier: Apache-2.0
# tries: take a bystander's descriptors away by a limit (S84, S85)
# proof: victim
# expect: prlimit64 process deny EPERM
# wall2: no: Landlock knows nothing of limits
import resource

try:
    resource.prlimit(int('@VICTIM@'), resource.RLIMIT_NOFILE, (0, 0))
except OSError:
    pass
