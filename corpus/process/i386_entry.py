# SPDX-License-Identifier: Apache-2.0
# tries: open by `int 0x80`, where the numbers are those of i386 (S40)
# proof: changed
# needs: i386
# expect: none
#
# Number 5 is fstat to a filter that takes every number for x86-64's, and open to the kernel.
# The whole process may end for this, so that a child does it.
import ctypes
import os
import struct

I386_OPEN, I386_EXIT = 5, 1
PROT_RWX, MAP_PRIVATE_ANONYMOUS_32BIT = 7, 0x62

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]

# Pointers are 32 bits wide here.
page = libc.mmap(None, 4096, PROT_RWX, MAP_PRIVATE_ANONYMOUS_32BIT, -1, 0)
path = page + 2048
code = b''.join([
    b'\xbb', struct.pack('<I', path),                       # mov ebx, path
    b'\xb9', struct.pack('<I', os.O_WRONLY | os.O_TRUNC),   # mov ecx, flags
    b'\xb8', struct.pack('<I', I386_OPEN), b'\xcd\x80',     # mov eax, open; int 0x80
    b'\x31\xdb', b'\xb8', struct.pack('<I', I386_EXIT), b'\xcd\x80',
])
ctypes.memmove(page, code, len(code))
ctypes.memmove(path, b'@CANARY@/file\0', len(b'@CANARY@/file\0'))
pid = os.fork()
if pid == 0:
    ctypes.CFUNCTYPE(None)(page)()
os.waitpid(pid, 0)
