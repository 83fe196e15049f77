# SPDX-License-Identifier: Apache-2.0
# tries: read a secret through the root and the folder of a process outside the jail (S24, S85)
# proof: printed
# expect: openat read deny EACCES *
#
# The bystander belongs to the same user; its /proc entries lead to its own view of the file system,
# which no policy about paths of this process speaks of.

import os

for name in 'root', 'cwd/../../../../../../../..':
    try:
        with open('/proc/@VICTIM@/%s@CANARY@/secret' % name) as f:
            print(f.read())
    except OSError:
        pass
