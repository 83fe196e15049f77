# SPDX-License-Identifier: Apache-2.0
# tries: exchange a protected name with one of the script's own, in both orders (S28)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: renameat2 * deny EACCES @CANARY@/file
# expect: renameat2 * deny EACCES @CANARY@/folder
#
# RENAME_EXCHANGE writes both names and removes both: with the arguments swapped, a jail that takes
# the first for the source and the second for the target asks the wrong question about each.

import ctypes
import os

SYS_renameat2 = 316
AT_FDCWD = -100
RENAME_EXCHANGE = 2

libc = ctypes.CDLL(None)
try:
    open('@WORK@/mine', 'w').close()
    os.mkdir('@WORK@/folder')
except OSError:
    pass
libc.syscall(SYS_renameat2, AT_FDCWD, b'@WORK@/mine', AT_FDCWD, b'@CANARY@/file', RENAME_EXCHANGE)
libc.syscall(SYS_renameat2, AT_FDCWD, b'@CANARY@/folder', AT_FDCWD, b'@WORK@/folder',
             RENAME_EXCHANGE)
