# SPDX-License-Identifier: Apache-2.0
# tries: give a protected file a second name in a permitted folder, and write through that (S29)
# proof: changed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@
# expect: link write deny EACCES @CANARY@/file
# expect: linkat write deny EACCES @CANARY@/file
#
# After the link the protected file *is* a file of the permitted folder, by every test that can be
# made.  So the source needs the right to be written, in each of the three ways to name it.

import ctypes
import os

SYS_link = 86
AT_FDCWD = -100
AT_SYMLINK_FOLLOW = 0x400
AT_EMPTY_PATH = 0x1000

libc = ctypes.CDLL(None)
fd = os.open('@CANARY@/file', os.O_RDONLY)
libc.syscall(SYS_link, b'@CANARY@/file', b'@WORK@/a')
libc.linkat(AT_FDCWD, b'/proc/self/fd/%d' % fd, AT_FDCWD, b'@WORK@/b', AT_SYMLINK_FOLLOW)
libc.linkat(fd, b'', AT_FDCWD, b'@WORK@/c', AT_EMPTY_PATH)
for alias in 'a', 'b', 'c':
    try:
        os.open('@WORK@/' + alias, os.O_WRONLY | os.O_TRUNC)
    except OSError:
        pass
