# SPDX-License-Identifier: Apache-2.0
# tries: set inode flags, by ioctl on a descriptor for reading and by file_setattr (S31)
# proof: changed
# options: --allow-read=@CANARY@
# expect: ioctl * deny EPERM
# expect: file_setattr write deny EACCES @CANARY@/folder
# wall2: no: Landlock does not judge inode flags
#
# chattr's flags make files immutable, append-only, left out of backups.  FS_IOC_SETFLAGS works on
# any descriptor of one's own file; file_setattr (Linux 6.17) takes a name.  The request is given
# with junk in the upper half of its register, which the kernel does not look at (S27).

import ctypes
import errno
import fcntl
import os
import struct
import sys

SYS_ioctl, SYS_file_setattr = 16, 469
AT_FDCWD = -100
FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR = 0x80086601, 0x40086602, 0x401c5820
NODUMP, XFLAG_NODUMP = 0x40, 0x80
JUNK = 0x5a5a5a5a << 32

try:
    with open(__file__) as f:
        fcntl.ioctl(f, FS_IOC_GETFLAGS, bytes(8))
except OSError as e:
    if e.errno == errno.ENOTTY:
        print('skip: the file system has no inode flags', file=sys.stderr)
        sys.exit(77)

libc = ctypes.CDLL(None)
fd = os.open('@CANARY@/file', os.O_RDONLY)
flags = struct.pack('q', NODUMP)
extended = struct.pack('IIIII8x', XFLAG_NODUMP, 0, 0, 0, 0)
libc.syscall(SYS_ioctl, fd, ctypes.c_ulong(FS_IOC_SETFLAGS), flags)
libc.syscall(SYS_ioctl, fd, ctypes.c_ulong(FS_IOC_SETFLAGS | JUNK), flags)
libc.syscall(SYS_ioctl, os.open('@CANARY@/secret', os.O_RDONLY), FS_IOC_FSSETXATTR, extended)
attributes = struct.pack('QIIII', XFLAG_NODUMP, 0, 0, 0, 0)
libc.syscall(SYS_file_setattr, AT_FDCWD, b'@CANARY@/folder', attributes, len(attributes), 0)
