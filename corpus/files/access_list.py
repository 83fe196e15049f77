# SPDX-License-Identifier: Apache-2.0
# tries: open a file to everybody by an access list, which is an attribute (S31)
# proof: changed
# expect: setxattr write deny EACCES @CANARY@/file
# wall2: no: Landlock does not judge attributes
#
# "system.posix_acl_access" changes the mode bits, and grants rights that the mode does not show.
# A filter on chmod does not see it, and one on "user." attributes neither.

import errno
import os
import struct
import sys

USER_OBJ, USER, GROUP_OBJ, MASK, OTHER = 1, 2, 4, 16, 32
NOBODY, NO_ID = 65534, 0xffffffff

entries = (USER_OBJ, 6, NO_ID), (USER, 7, NOBODY), (GROUP_OBJ, 4, NO_ID), (MASK, 7, NO_ID), \
    (OTHER, 7, NO_ID)
value = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
try:
    os.setxattr('@CANARY@/file', 'system.posix_acl_access', value)
except OSError as e:
    if e.errno == errno.EOPNOTSUPP:
        print('skip: the file system has no access lists', file=sys.stderr)
        sys.exit(77)
