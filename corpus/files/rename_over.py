# SPDX-License-Identifier: Apache-2.0
# tries: replace protected names by files of the script's own (S28)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: rename write deny EACCES @CANARY@/file
# expect: rename write deny EACCES @CANARY@/new
#
# The first path of each rename is the script's.  A filter that judges only that one, or only
# "open", sees nothing happen to the canary.

import os

for target in '@CANARY@/file', '@CANARY@/new':
    try:
        with open('@WORK@/mine', 'w') as f:
            f.write('mine\n')
        os.rename('@WORK@/mine', target)
    except OSError:
        pass
