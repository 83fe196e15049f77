# SPDX-License-Identifier: Apache-2.0
# tries: name files by pointers whose low half is zero (S27)
# proof: changed
# expect: open write deny EACCES @CANARY@/file
# expect: truncate write deny EACCES @CANARY@/file
#
# 0x100000000 is 4 GiB.  A seccomp filter compares 32 bits at a time, and one that compares only the
# low half takes the pointer for NULL: "no path, so the call is about a descriptor, or fails".

import ctypes
import os

SYS_open, SYS_truncate = 2, 76
PROT_READ, PROT_WRITE = 1, 2
MAP_PRIVATE, MAP_ANONYMOUS, MAP_FIXED_NOREPLACE = 0x2, 0x20, 0x100000
AT = 1 << 32

libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + 3 * [ctypes.c_int] + [ctypes.c_long]
if libc.mmap(AT, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
             -1, 0) == AT:
    ctypes.memmove(AT, b'@CANARY@/file', len(b'@CANARY@/file'))
    path = ctypes.c_void_p(AT)
    libc.syscall(SYS_open, path, os.O_WRONLY | os.O_TRUNC)
    libc.syscall(SYS_truncate, path, ctypes.c_long(3))
