# SPDX-License-Identifier: Apache-2.0
# tries: set extended attributes through a descriptor for reading, and through /proc (S31)
# proof: changed
# options: --allow-read=@CANARY@
# expect: fsetxattr write deny EACCES @CANARY@/file
# expect: setxattr write deny EACCES @CANARY@/folder
# wall2: no: Landlock does not judge attributes
#
# As with modes: the kernel asks for the right to write the file, not for a descriptor that does.

import errno
import os
import sys

try:
    os.getxattr(__file__, 'user.none')
except OSError as e:
    if e.errno == errno.EOPNOTSUPP:
        print('skip: the file system has no user attributes', file=sys.stderr)
        sys.exit(77)

file = os.open('@CANARY@/file', os.O_RDONLY)
folder = os.open('@CANARY@/folder', os.O_PATH)
for target in file, '/proc/self/fd/%d' % folder:
    try:
        os.setxattr(target, 'user.a', b'x')
    except OSError:
        pass
