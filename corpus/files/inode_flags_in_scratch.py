# SPDX-License-Identifier: Apache-2.0
# tries: set inode flags of a file on disk while all that is written goes to a layer
# proof: changed
# options: --allow-all --scratch
# expect: ioctl write deny EPERM
# wall2: no: --allow-all takes it away
#
# A descriptor for reading is the real file's, and the kernel performs an ioctl on it.

import ctypes
import errno
import fcntl
import os
import struct
import sys

FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR = 0x80086601, 0x40086602, 0x401c5820
NODUMP, XFLAG_NODUMP = 0x40, 0x80

fd = os.open('@CANARY@/file', os.O_RDONLY)
try:
    fcntl.ioctl(fd, FS_IOC_GETFLAGS, bytes(8))
except OSError as e:
    if e.errno == errno.ENOTTY:
        print('skip: the file system has no inode flags', file=sys.stderr)
        sys.exit(77)
libc = ctypes.CDLL(None)
libc.ioctl(fd, FS_IOC_SETFLAGS, struct.pack('q', NODUMP))
extended = struct.pack('IIIII8x', XFLAG_NODUMP, 0, 0, 0, 0)
libc.ioctl(os.open('@CANARY@/secret', os.O_RDONLY), FS_IOC_FSSETXATTR, extended)
