# SPDX-License-Identifier: Apache-2.0
# tries: set extended attributes of a file and a folder by name, by old and new calls (S31)
# proof: changed
# expect: setxattr write deny EACCES @CANARY@/file
# expect: lsetxattr write deny EACCES @CANARY@/folder
# expect: setxattrat write deny EACCES @CANARY@/file
# wall2: no: Landlock does not judge attributes
#
# Attributes hold labels, quarantine marks, access lists.  setxattrat came with Linux 6.13: a list
# of calls that is a year old does not have it.

import ctypes
import errno
import os
import struct
import sys

SYS_setxattr, SYS_lsetxattr, SYS_setxattrat = 188, 189, 463
AT_FDCWD = -100

try:
    os.getxattr(__file__, 'user.none')
except OSError as e:
    if e.errno == errno.EOPNOTSUPP:
        print('skip: the file system has no user attributes', file=sys.stderr)
        sys.exit(77)

libc = ctypes.CDLL(None)
value = ctypes.create_string_buffer(b'x')
args = struct.pack('QII', ctypes.addressof(value), 1, 0)
libc.syscall(SYS_setxattr, b'@CANARY@/file', b'user.a', b'x', 1, 0)
libc.syscall(SYS_lsetxattr, b'@CANARY@/folder', b'user.a', b'x', 1, 0)
libc.syscall(SYS_setxattrat, AT_FDCWD, b'@CANARY@/file', 0, b'user.b', args, len(args))
