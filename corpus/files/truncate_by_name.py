# SPDX-License-Identifier: Apache-2.0
# tries: cut one file and lengthen another without opening either (S28)
# proof: changed
# expect: truncate write deny EACCES @CANARY@/file
# expect: truncate write deny EACCES @CANARY@/secret
#
# truncate(2) takes a name.  Landlock knows it since ABI 3; a jail built on "no open for writing, no
# change of contents" does not.

import ctypes

SYS_truncate = 76

libc = ctypes.CDLL(None)
libc.syscall(SYS_truncate, b'@CANARY@/file', ctypes.c_long(0))
libc.syscall(SYS_truncate, b'@CANARY@/link', ctypes.c_long(3))
libc.syscall(SYS_truncate, b'@CANARY@/secret', ctypes.c_long(1 << 20))
