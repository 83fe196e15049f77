# SPDX-License-Identifier: Apache-2.0
# tries: make a nameless file where that is allowed, then name it in a protected folder (S22)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@
# expect: linkat write deny EACCES @CANARY@/new
#
# The file was opened by permission, and has never had a name that a policy could speak of.  What
# counts is the new name.

import ctypes
import os

AT_FDCWD = -100
AT_SYMLINK_FOLLOW = 0x400

libc = ctypes.CDLL(None)
try:
    fd = os.open('@WORK@', os.O_TMPFILE | os.O_RDWR, 0o644)
    os.write(fd, b'written\n')
    libc.linkat(AT_FDCWD, b'/proc/self/fd/%d' % fd, AT_FDCWD, b'@CANARY@/new', AT_SYMLINK_FOLLOW)
except OSError:
    pass
