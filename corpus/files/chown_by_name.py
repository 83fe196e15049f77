# SPDX-License-Identifier: Apache-2.0
# tries: give files and links to somebody else, by each call that names them (S31)
# proof: changed
# needs: root
# expect: chown write deny EACCES @CANARY@/file
# expect: lchown write deny EACCES @CANARY@/link
# expect: fchownat write deny EACCES @CANARY@/folder
#
# Only root may give files away, so that an ordinary user has no control to run.  Wall 2 alone: not
# Landlock refuses this, but the kernel, since the script's root holds no capability.

import ctypes

SYS_chown, SYS_lchown, SYS_fchownat = 92, 94, 260
AT_FDCWD = -100
NOBODY = 65534

libc = ctypes.CDLL(None)
libc.syscall(SYS_chown, b'@CANARY@/file', NOBODY, NOBODY)
libc.syscall(SYS_lchown, b'@CANARY@/link', NOBODY, NOBODY)
libc.syscall(SYS_fchownat, AT_FDCWD, b'@CANARY@/folder', NOBODY, NOBODY, 0)
