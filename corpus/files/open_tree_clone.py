# SPDX-License-Identifier: Apache-2.0
# tries: take a detached copy of the mount below the protected folder, and write in that (S20, S86)
# proof: changed
# needs: userns
# expect: unshare system deny EPERM
# expect: open_tree system deny EPERM
#
# open_tree returns a descriptor of a mount that hangs nowhere: /proc/self/fd shows "/" for it, and
# the relative name below it is just "file".

import ctypes
import os

SYS_unshare, SYS_open_tree = 272, 428
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
AT_FDCWD = -100
OPEN_TREE_CLONE = 1

libc = ctypes.CDLL(None)
libc.syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS)
tree = libc.syscall(SYS_open_tree, AT_FDCWD, b'@CANARY@', OPEN_TREE_CLONE)
try:
    os.open('file', os.O_WRONLY | os.O_TRUNC, dir_fd=tree if tree >= 0 else None)
except OSError:
    pass
