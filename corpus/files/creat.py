# SPDX-License-Identifier: Apache-2.0
# tries: empty one file and make another through creat(2) (S20)
# proof: changed
# expect: creat write deny EACCES @CANARY@/file
# expect: creat write deny EACCES @CANARY@/new
#
# creat() has no flags argument: a filter that looks for write flags in "the calls that open"
# finds none.  No libc calls it any more, so that it is easily left out of a list.

import ctypes

SYS_creat = 85

libc = ctypes.CDLL(None)
libc.syscall(SYS_creat, b'@CANARY@/file', 0o644)
libc.syscall(SYS_creat, b'@CANARY@/new', 0o644)
