# SPDX-License-Identifier: Apache-2.0
# tries: write a shared library into an allowed folder and load it; its initialiser unlinks (P36)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: unlink delete deny EACCES @CANARY@/file
# for: any
#
# Loading a module is running machine code, and the code may be 400 bytes that the script has made
# itself: an ELF header, one segment, a dynamic section with DT_INIT.  It gains what ctypes gains:
# nothing.

import ctypes
import struct

PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474e551
DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT, DT_INIT = 5, 6, 10, 11, 12
DYNAMIC, STRINGS, CODE = 232, 328, 336

code = (b'\xb8\x57\x00\x00\x00'             # mov eax, 87 (unlink)
        b'\x48\x8d\x3d\x03\x00\x00\x00'     # lea rdi, [rip + 3]
        b'\x0f\x05'                         # syscall
        b'\xc3'                             # ret
        b'@CANARY@/file\0')
size = CODE + len(code)

segments = [(PT_LOAD, 7, 0, 0, 0, size, size, 4096),
            (PT_DYNAMIC, 6, DYNAMIC, DYNAMIC, DYNAMIC, 96, 96, 8),
            (PT_GNU_STACK, 6, 0, 0, 0, 0, 0, 16)]
dynamic = [(DT_STRTAB, STRINGS), (DT_SYMTAB, STRINGS), (DT_STRSZ, 1), (DT_SYMENT, 24),
           (DT_INIT, CODE), (0, 0)]

with open('@WORK@/library.so', 'wb') as f:
    f.write(struct.pack('<16sHHIQQQIHHHHHH', b'\x7fELF\2\1\1', 3, 62, 1, 0, 64, 0,
                        0, 64, 56, len(segments), 0, 0, 0))
    for segment in segments:
        f.write(struct.pack('<IIQQQQQQ', *segment))
    for entry in dynamic:
        f.write(struct.pack('<QQ', *entry))
    f.write(bytes(CODE - STRINGS))
    f.write(code)
ctypes.CDLL('@WORK@/library.so')
