# SPDX-License-Identifier: Apache-2.0
# tries: change the modes of a file and a folder by each call that names them (S31)
# proof: changed
# expect: chmod write deny EACCES @CANARY@/file
# expect: fchmodat write deny EACCES @CANARY@/folder
# expect: fchmodat2 write deny EACCES @CANARY@/file
# wall2: no: Landlock does not judge modes
#
# Nothing is opened and nothing is created.  fchmodat2 (Linux 6.6) is younger than most lists; a
# kernel that does not have it answers ENOSYS, and the older two speak for the class.

import ctypes

SYS_chmod, SYS_fchmodat, SYS_fchmodat2 = 90, 268, 452
AT_FDCWD = -100

libc = ctypes.CDLL(None)
libc.syscall(SYS_fchmodat2, AT_FDCWD, b'@CANARY@/file', 0o640, 0)
libc.syscall(SYS_chmod, b'@CANARY@/file', 0o666)
libc.syscall(SYS_fchmodat, AT_FDCWD, b'@CANARY@/folder', 0o777)
