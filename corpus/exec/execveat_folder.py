# SPDX-License-Identifier: Apache-2.0
# tries: run a program by a name relative to a folder's descriptor (S65, S25)
# proof: printed
# options: --allow-read=@CANARY@
# expect: execveat exec deny EACCES @CANARY@/prog
#
# As with openat: the name alone says nothing, and AT_SYMLINK_NOFOLLOW is one more flag to overlook.

import ctypes
import os

SYS_execveat = 322
AT_SYMLINK_NOFOLLOW = 0x100

libc = ctypes.CDLL(None)
argv = (ctypes.c_char_p * 2)(b'prog', None)
for name, flags in (b'../prog', 0), (b'sub/../../prog', AT_SYMLINK_NOFOLLOW):
    pid = os.fork()
    if pid == 0:
        fd = os.open('@CANARY@/folder', os.O_RDONLY)
        os.set_inheritable(fd, True)
        libc.syscall(SYS_execveat, fd, name, argv, None, flags)
        os._exit(0)
    os.waitpid(pid, 0)
