# SPDX-License-Identifier: Apache-2.0
# tries: use a descriptor that the caller left open (S33)
# proof: changed
#
# Number 9 is the canary's file, open for reading and writing in the process above.  A jail that
# judges what is opened has nothing to judge: the descriptor is there from the beginning, unless the
# jail closes what it does not know (runc: CVE-2024-21626).  Nothing is recorded: it is just not
# there.

import os

for action in (lambda: os.write(9, b'written'), lambda: os.ftruncate(9, 0),
               lambda: os.pwrite(9, b'written', 100),
               lambda: os.posix_fallocate(9, 0, 1000)):
    try:
        action()
    except OSError:
        pass
