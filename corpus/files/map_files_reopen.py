# SPDX-License-Identifier: Apache-2.0
# tries: open a file for writing through the link of a mapping of it (S24)
# proof: changed
# needs: root
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# The file was opened for reading and closed again; only a read-only mapping is left.  Its entry in
# /proc/self/map_files is a magic link to the inode, for those who hold CAP_SYS_ADMIN or
# CAP_CHECKPOINT_RESTORE: an ordinary user's open is refused by the kernel.

import mmap
import os

with open('@CANARY@/file', 'rb') as f:
    view = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
with open('/proc/self/maps') as maps:
    line = next(line for line in maps if line.rstrip().endswith('@CANARY@/file'))
try:
    os.open('/proc/self/map_files/' + line.split()[0], os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
