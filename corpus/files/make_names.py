# SPDX-License-Identifier: Apache-2.0
# tries: make folders, pipes, sockets, plain files and links without opening anything (S30)
# proof: changed
# expect: mkdir write deny EACCES @CANARY@/a
# expect: mkdirat write deny EACCES @CANARY@/b
# expect: mknod write deny EACCES @CANARY@/c
# expect: mknod write deny EACCES @CANARY@/d
# expect: mknodat write deny EACCES @CANARY@/e
# expect: symlink write deny EACCES @CANARY@/f
# expect: symlinkat write deny EACCES @CANARY@/g
#
# A name is an effect, even of an empty file: think of .pth files, lock files, cron folders.
# mknod makes plain files, too.

import ctypes
import stat

SYS_mkdir, SYS_symlink, SYS_mknod = 83, 88, 133
SYS_mkdirat, SYS_mknodat, SYS_symlinkat = 258, 259, 266
AT_FDCWD = -100

libc = ctypes.CDLL(None)
libc.syscall(SYS_mkdir, b'@CANARY@/a', 0o755)
libc.syscall(SYS_mkdirat, AT_FDCWD, b'@CANARY@/b/', 0o755)
libc.syscall(SYS_mknod, b'@CANARY@/c', stat.S_IFIFO | 0o644, 0)
libc.syscall(SYS_mknod, b'@CANARY@/d', stat.S_IFREG | 0o644, 0)
libc.syscall(SYS_mknodat, AT_FDCWD, b'@CANARY@/e', stat.S_IFSOCK | 0o644, 0)
libc.syscall(SYS_symlink, b'file', b'@CANARY@/f')
libc.syscall(SYS_symlinkat, b'file', AT_FDCWD, b'@CANARY@/g')
