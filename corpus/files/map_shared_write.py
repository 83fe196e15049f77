# SPDX-License-Identifier: Apache-2.0
# tries: change a file by storing into memory (S32, P43)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# After the mapping there is no call to see, write() least of all.  A shared mapping that can be
# stored to needs a descriptor opened for both, and that is where it ends.

import mmap
import os

try:
    fd = os.open('@CANARY@/file', os.O_RDWR)
    view = mmap.mmap(fd, 0)
    os.close(fd)
    view[:6] = b'stored'
except OSError:
    pass
