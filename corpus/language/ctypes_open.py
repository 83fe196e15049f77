# SPDX-License-Identifier: Apache-2.0
# tries: call libc's open and write, which raise no event and pass no Python guard (P30)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: audit
#
# An audit hook sees that a library is loaded and a symbol looked up.  What the function does is
# invisible to it: the call goes from ctypes to libc to the kernel.

import ctypes
import os

libc = ctypes.CDLL(None)
fd = libc.open(b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
libc.write(fd, b'PWNED', 5)
