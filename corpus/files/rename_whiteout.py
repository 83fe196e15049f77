# SPDX-License-Identifier: Apache-2.0
# tries: move a protected file away and leave a whiteout device in its place (S28)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: renameat2 delete deny * @CANARY@/file
#
# RENAME_WHITEOUT is for overlay file systems: the old name becomes a character device 0:0.  One
# call that removes, creates and makes a device, and is not named after any of them.

import ctypes
import errno
import sys

SYS_renameat2 = 316
AT_FDCWD = -100
RENAME_WHITEOUT = 4

libc = ctypes.CDLL(None, use_errno=True)
try:
    open('@WORK@/mine', 'w').close()
except OSError:
    pass
result = libc.syscall(SYS_renameat2, AT_FDCWD, b'@WORK@/mine', AT_FDCWD, b'@WORK@/moved',
                      RENAME_WHITEOUT)
if result < 0 and ctypes.get_errno() == errno.EINVAL:
    print('skip: the file system makes no whiteouts', file=sys.stderr)
    sys.exit(77)
libc.syscall(SYS_renameat2, AT_FDCWD, b'@CANARY@/file', AT_FDCWD, b'@WORK@/file', RENAME_WHITEOUT)
