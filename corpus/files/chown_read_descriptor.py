# SPDX-License-Identifier: Apache-2.0
# tries: give away a file through a descriptor for reading, and through an empty path (S31)
# proof: changed
# needs: root
# options: --allow-read=@CANARY@
# expect: fchown write deny EACCES @CANARY@/file
# expect: fchownat write deny EACCES @CANARY@/file
#
# Only root may give files away (with wall 2 alone the missing capability refuses).  With
# AT_EMPTY_PATH the call by name becomes one by descriptor.

import ctypes
import os

SYS_fchown, SYS_fchownat = 93, 260
AT_EMPTY_PATH = 0x1000
NOBODY = 65534

libc = ctypes.CDLL(None)
fd = os.open('@CANARY@/file', os.O_RDONLY)
libc.syscall(SYS_fchown, fd, NOBODY, -1)
libc.syscall(SYS_fchownat, fd, b'', -1, NOBODY, AT_EMPTY_PATH)
