# SPDX-License-Identifier: Apache-2.0
# tries: change the mode of a file that was opened for reading only (S31)
# proof: changed
# options: --allow-read=@CANARY@
# expect: fchmod write deny EACCES @CANARY@/file
# expect: fchmod write deny EACCES @CANARY@/folder
# wall2: no: Landlock judges opening, not what is done with a descriptor
#
# fchmod asks who owns the file, not how it was opened.  A jail that polices opens and lets all
# calls on descriptors pass has given this away with the right to read.

import os

for name in 'file', 'folder':
    try:
        os.fchmod(os.open('@CANARY@/' + name, os.O_RDONLY), 0o777)
    except OSError:
        pass
