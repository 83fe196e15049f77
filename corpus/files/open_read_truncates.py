# SPDX-License-Identifier: Apache-2.0
# tries: empty a file by opening it for reading only, with O_TRUNC (S21)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# The access mode says "read", and reading is allowed here.  POSIX leaves the combination undefined;
# Linux truncates.

import os

try:
    os.open('@CANARY@/file', os.O_RDONLY | os.O_TRUNC)
except OSError:
    pass
