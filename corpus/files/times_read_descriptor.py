# SPDX-License-Identifier: Apache-2.0
# tries: set the times of a file through a descriptor for reading (S31)
# proof: changed
# options: --allow-read=@CANARY@
# expect: utimensat write deny EACCES @CANARY@/file
# expect: utimensat write deny EACCES @CANARY@/folder
# expect: futimesat write deny EACCES @CANARY@/secret
# wall2: no: Landlock judges opening, not what is done with a descriptor
#
# With a NULL path utimensat and futimesat act on the descriptor: the "folder" argument is the file.
# A tracer that insists on a path sees none, and has nothing to judge.

import ctypes
import os
import struct

SYS_futimesat, SYS_utimensat = 261, 280
AT_EMPTY_PATH = 0x1000

libc = ctypes.CDLL(None)
times = struct.pack('qqqq', 1, 0, 1, 0)
file, folder, secret = (os.open('@CANARY@/' + n, os.O_RDONLY) for n in ('file', 'folder', 'secret'))
libc.syscall(SYS_utimensat, file, None, times, 0)
libc.syscall(SYS_utimensat, folder, b'', times, AT_EMPTY_PATH)
libc.syscall(SYS_futimesat, secret, None, times)
