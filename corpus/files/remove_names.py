# SPDX-License-Identifier: Apache-2.0
# tries: remove a file, a link and a folder, by each call that can (S28)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# expect: unlinkat delete deny EACCES @CANARY@/link
# expect: rmdir delete deny EACCES @CANARY@/empty
# expect: unlinkat delete deny EACCES @CANARY@/empty
#
# Destroying needs no open.  The link is removed itself, its target is not asked: whoever resolves
# the last component judges the wrong file.

import ctypes

SYS_rmdir, SYS_unlink, SYS_unlinkat = 84, 87, 263
AT_FDCWD = -100
AT_REMOVEDIR = 0x200

libc = ctypes.CDLL(None)
libc.syscall(SYS_unlink, b'@CANARY@/file')
libc.syscall(SYS_unlinkat, AT_FDCWD, b'@CANARY@/link', 0)
libc.syscall(SYS_unlinkat, AT_FDCWD, b'@CANARY@/empty', AT_REMOVEDIR)
libc.syscall(SYS_rmdir, b'@CANARY@/empty')
