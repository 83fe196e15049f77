# SPDX-License-Identifier: Apache-2.0
# tries: change metadata through a descriptor that stands for the name only (S23, S31)
# proof: changed
# expect: fchmodat2 write deny EACCES @CANARY@/file
# expect: chmod write deny EACCES @CANARY@/file
# expect: utimensat write deny EACCES @CANARY@/secret
# expect: utimensat write deny EACCES @CANARY@/link
# wall2: no: Landlock judges neither modes nor times
#
# O_PATH needs no right on the file.  The calls then name it by an empty path with AT_EMPTY_PATH, or
# by /proc/self/fd: there is nothing in the text that a rule could match.

import ctypes
import os
import struct

SYS_chmod, SYS_utimensat, SYS_fchmodat2 = 90, 280, 452
AT_EMPTY_PATH = 0x1000

libc = ctypes.CDLL(None)
times = struct.pack('qqqq', 1, 0, 1, 0)
file, secret, link = (os.open('@CANARY@/' + name, os.O_PATH | os.O_NOFOLLOW)
                      for name in ('file', 'secret', 'link'))
libc.syscall(SYS_fchmodat2, file, b'', 0o600, AT_EMPTY_PATH)
libc.syscall(SYS_chmod, b'/proc/self/fd/%d' % file, 0o666)
libc.syscall(SYS_utimensat, secret, b'', times, AT_EMPTY_PATH)
libc.syscall(SYS_utimensat, link, b'', times, AT_EMPTY_PATH)
