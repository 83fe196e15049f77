# SPDX-License-Identifier: Apache-2.0
# tries: run a program by a descriptor and an empty path (S65)
# proof: printed
# options: --allow-read=@CANARY@
# expect: execveat exec deny EACCES @CANARY@/prog
#
# There is no path to compare with a list, and the number is not execve's.  A descriptor for reading
# will do, and one for the name only as well.

import ctypes
import os

SYS_execveat = 322
AT_EMPTY_PATH = 0x1000

libc = ctypes.CDLL(None)
argv = (ctypes.c_char_p * 2)(b'prog', None)
for flags in os.O_RDONLY, os.O_PATH:
    pid = os.fork()
    if pid == 0:
        fd = os.open('@CANARY@/prog', flags)
        os.set_inheritable(fd, True)        # the shell opens its script through /dev/fd
        libc.syscall(SYS_execveat, fd, b'', argv, None, AT_EMPTY_PATH)
        os._exit(0)
    os.waitpid(pid, 0)
