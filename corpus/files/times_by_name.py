# SPDX-License-Identifier: Apache-2.0
# tries: set the times of files and links, by each of the four calls that name them (S31)
# proof: changed
# expect: utime write deny EACCES @CANARY@/file
# expect: utimes write deny EACCES @CANARY@/folder/inner
# expect: futimesat write deny EACCES @CANARY@/secret
# expect: utimensat write deny EACCES @CANARY@/link
# wall2: no: Landlock does not judge times
#
# A changed time makes backups, build tools and caches act.  Four calls, as time grew more precise.

import ctypes
import struct

SYS_utime, SYS_utimes, SYS_futimesat, SYS_utimensat = 132, 235, 261, 280
AT_FDCWD = -100
AT_SYMLINK_NOFOLLOW = 0x100

libc = ctypes.CDLL(None)
seconds = struct.pack('qq', 1, 1)
precise = struct.pack('qqqq', 1, 0, 1, 0)
libc.syscall(SYS_utime, b'@CANARY@/file', seconds)
libc.syscall(SYS_utimes, b'@CANARY@/folder/inner', precise)
libc.syscall(SYS_futimesat, AT_FDCWD, b'@CANARY@/secret', precise)
libc.syscall(SYS_utimensat, AT_FDCWD, b'@CANARY@/link', precise, AT_SYMLINK_NOFOLLOW)
