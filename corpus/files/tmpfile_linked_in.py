# SPDX-License-Identifier: Apache-2.0
# tries: make a file without a name in a protected folder, fill it, then give it a name (S22)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@
#
# The path of an O_TMPFILE open is the folder; the flag contains the bit of O_DIRECTORY, so that a
# careless test takes the call for opening a folder.  linkat makes the file visible afterwards.

import ctypes
import os

AT_FDCWD = -100
AT_SYMLINK_FOLLOW = 0x400

libc = ctypes.CDLL(None)
try:
    fd = os.open('@CANARY@', os.O_TMPFILE | os.O_RDWR, 0o644)
    os.write(fd, b'written\n')
    libc.linkat(AT_FDCWD, b'/proc/self/fd/%d' % fd, AT_FDCWD, b'@CANARY@/new', AT_SYMLINK_FOLLOW)
except OSError:
    pass
