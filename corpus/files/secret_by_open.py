# SPDX-License-Identifier: Apache-2.0
# tries: read a secret through open, openat, openat2 and their detours (S20, S23, S24)
# proof: printed
# expect: open read deny EACCES @CANARY@/secret
# expect: openat read deny EACCES @CANARY@/secret
# expect: openat2 read deny EACCES @CANARY@/secret
#
# Reading goes by another road than writing: straight to the listener, without a ptrace stop.  So
# each door is tried again from this side.

import ctypes
import os
import struct

SYS_open, SYS_openat, SYS_openat2 = 2, 257, 437
AT_FDCWD = -100
O_LARGEFILE = 0x8000

libc = ctypes.CDLL(None)
folder = os.open('@CANARY@', os.O_PATH)
name = os.open('@CANARY@/secret', os.O_PATH)
how = struct.pack('QQQ', os.O_RDONLY, 0, 0)
for fd in (libc.syscall(SYS_open, b'@CANARY@/secret', os.O_RDONLY),
           libc.syscall(SYS_openat, AT_FDCWD, b'@CANARY@/secret', O_LARGEFILE | os.O_NOATIME),
           libc.syscall(SYS_openat, folder, b'secret', os.O_RDONLY | os.O_NOFOLLOW),
           libc.syscall(SYS_openat, AT_FDCWD, b'/proc/self/fd/%d' % name, os.O_RDONLY),
           libc.syscall(SYS_openat, AT_FDCWD, b'/proc/self/root@CANARY@/secret', os.O_RDONLY),
           libc.syscall(SYS_openat2, folder, b'folder/../secret', how, len(how))):
    if fd >= 0:
        print(os.read(fd, 100))
