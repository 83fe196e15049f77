# SPDX-License-Identifier: Apache-2.0
# tries: write to a descriptor that the caller of the jail left open (S33)
# proof: changed
# expect: none
#
# Descriptor 9 is open for writing in the process that started the run.  What is inherited was
# opened by somebody who was allowed to, and no open is left to judge.
import os

for descriptor in range(3, 1024):
    try:
        os.pwrite(descriptor, b'by inheritance\n', 0)
    except OSError:
        pass
