# SPDX-License-Identifier: Apache-2.0
# tries: open for writing under a bare relative name and mode 'r', by an opener with dir_fd (P26)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# A guard that compares names or modes sees `link` and 'r'.  Which folder the name is in is said by
# a descriptor, what is done to the file by the opener's own flags, and what the name means by a
# link.

import os

folder = os.open('@CANARY@', os.O_RDONLY | os.O_DIRECTORY)
try:
    open('link', 'r', opener=lambda name, flags: os.open(name, os.O_RDWR | os.O_TRUNC,
                                                         dir_fd=folder))
except OSError as e:
    print(e)
