# SPDX-License-Identifier: Apache-2.0
# tries: remove the folder in which the script stands, by names that do not contain it (S25, S28)
# proof: changed
# expect: rmdir delete deny EACCES @CANARY@/empty
#
# "." cannot be removed, but "../empty", an absolute name, and a name through /proc/self/cwd can.
# A jail that remembers the folder as text has to follow every chdir to know what they mean.

import os

os.chdir('@CANARY@/empty')
for name in '/proc/self/cwd/../empty', '../folder/../empty/', '../empty':
    try:
        os.rmdir(name)
        os.mkdir(name)
    except OSError:
        pass
