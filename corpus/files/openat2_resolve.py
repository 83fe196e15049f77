# SPDX-License-Identifier: Apache-2.0
# tries: empty a file through openat2(2), with every RESOLVE flag (S20)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat2 write deny EACCES @CANARY@/file
#
# The flags of openat2 are in memory, where no seccomp filter sees them, and a jail that knows the
# call from its manual page may not know RESOLVE_IN_ROOT: then "/file" is canary/file.

import ctypes
import os
import struct

SYS_openat2 = 437
NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH, IN_ROOT = (1 << n for n in range(5))

libc = ctypes.CDLL(None)
folder = os.open('@CANARY@', os.O_RDONLY | os.O_DIRECTORY)
for resolve in 0, NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH, IN_ROOT, BENEATH | NO_XDEV:
    how = struct.pack('QQQ', os.O_WRONLY | os.O_TRUNC, 0, resolve)
    path = b'/file' if resolve == IN_ROOT else b'folder/../file'
    libc.syscall(SYS_openat2, folder, path, how, len(how))
