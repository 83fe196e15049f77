# SPDX-License-Identifier: Apache-2.0
# tries: move protected files into a permitted folder (S28)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: rename delete deny EACCES @CANARY@/file
# expect: renameat delete deny EACCES @CANARY@/folder
# expect: renameat2 delete deny EACCES @CANARY@/link
#
# Where it lands is allowed; that it leaves is not.  A folder takes everything below it along.

import ctypes

SYS_rename, SYS_renameat, SYS_renameat2 = 82, 264, 316
AT_FDCWD = -100

libc = ctypes.CDLL(None)
libc.syscall(SYS_rename, b'@CANARY@/file', b'@WORK@/file')
libc.syscall(SYS_renameat, AT_FDCWD, b'@CANARY@/folder', AT_FDCWD, b'@WORK@/folder')
libc.syscall(SYS_renameat2, AT_FDCWD, b'@CANARY@/link', AT_FDCWD, b'@WORK@/link', 0)
