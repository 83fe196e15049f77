# SPDX-License-Identifier: Apache-2.0
# tries: open a file for reading, then the same file again for writing through /proc/self/fd (S23)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# The text of the second path names no file of the canary; the kernel follows it as a magic link,
# straight to the inode.  Three names of the same door.

import os

fd = os.open('@CANARY@/file', os.O_RDONLY)
for folder in '/proc/self/fd', '/dev/fd', '/proc/thread-self/fd':
    try:
        os.open('%s/%d' % (folder, fd), os.O_WRONLY | os.O_TRUNC)
    except OSError:
        pass
