# SPDX-License-Identifier: Apache-2.0
# tries: make a file by opening it for reading only, with O_CREAT (S21)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/new
# expect: openat write deny EACCES @CANARY@/folder/newer
#
# A jail that tests the access mode alone lets both through: they only read.

import os

for name, flags in ('new', os.O_CREAT), ('folder/newer', os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW):
    try:
        os.open('@CANARY@/' + name, os.O_RDONLY | flags, 0o644)
    except OSError:
        pass
