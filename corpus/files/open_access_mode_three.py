# SPDX-License-Identifier: Apache-2.0
# tries: empty a file by the access mode 3, which is neither of the three (S21)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# 0, 1 and 2 are reading, writing and both.  3 asks for both permissions and gives a descriptor for
# neither, but O_TRUNC is carried out.  `flags & 3 == O_WRONLY or flags & 3 == O_RDWR` is false.

import os

try:
    os.open('@CANARY@/file', 3 | os.O_TRUNC)
except OSError:
    pass
