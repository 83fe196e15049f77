# SPDX-License-Identifier: Apache-2.0
# tries: empty a file through open(2), the old call beside openat (S20)
# proof: changed
# expect: open write deny EACCES @CANARY@/file
#
# libc's open() has been openat(2) for years, so that a jail written by watching programs may know
# only that number.  The old call is still there, for whoever asks for it by number.

import ctypes
import os

SYS_open = 2

libc = ctypes.CDLL(None)
libc.syscall(SYS_open, b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
