# SPDX-License-Identifier: Apache-2.0
# tries: change a file by stores into a shared mapping, without any write call (P43)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# The only call that says what will happen is the open.  With a descriptor for reading the mapping
# itself is refused by the kernel.

import mmap
import os

for flags in os.O_RDWR, os.O_RDONLY:
    try:
        fd = os.open('@CANARY@/file', flags)
        mmap.mmap(fd, 6)[:6] = b'PWNED\n'
    except OSError as e:
        print(e)
