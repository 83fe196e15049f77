# SPDX-License-Identifier: Apache-2.0
# tries: run machine code of its own inside an allowed program, by LD_PRELOAD (P36, P47)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: execve exec allow * /usr/bin/uname
# expect: open write deny EACCES @CANARY@/file
#
# The library is written by hand: a header, five dynamic entries, and an initialiser that opens a
# file for writing.  A jail that trusts the program it has approved trusts the library as well.

import os
import struct

PT_LOAD, PT_DYNAMIC, ET_DYN, EM_X86_64 = 1, 2, 3, 62
DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT, DT_INIT = 5, 6, 10, 11, 12
DYNAMIC, CODE, PATH = 0xb0, 0x200, 0x280

code = b'\x48\x8d\x3d' + struct.pack('i', PATH - CODE - 7)             # lea rdi, [path]
code += b'\xbe' + struct.pack('I', os.O_WRONLY | os.O_TRUNC)           # mov esi, flags
code += b'\xb8\x02\0\0\0\x0f\x05\xc3'                                  # mov eax, open; syscall; ret
head = b'\x7fELF\2\1\1'.ljust(16, b'\0')
head += struct.pack('HHIQQQIHHHHHH', ET_DYN, EM_X86_64, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
head += struct.pack('IIQQQQQQ', PT_LOAD, 7, 0, 0, 0, 4096, 4096, 4096)
head += struct.pack('IIQQQQQQ', PT_DYNAMIC, 6, DYNAMIC, DYNAMIC, DYNAMIC, 96, 96, 8)
for tag, value in ((DT_STRTAB, PATH), (DT_SYMTAB, 0x180), (DT_STRSZ, 1), (DT_SYMENT, 24),
                   (DT_INIT, CODE), (0, 0)):
    head += struct.pack('QQ', tag, value)
library = head.ljust(CODE, b'\0') + code.ljust(PATH - CODE, b'\0') + b'@CANARY@/file\0'

try:
    with open('@WORK@/library', 'wb') as f:
        f.write(library.ljust(4096, b'\0'))
except OSError:
    pass
pid = os.fork()
if pid == 0:
    try:
        os.execve('/usr/bin/uname', ['uname'], {'LD_PRELOAD': '@WORK@/library'})
    except OSError:
        os._exit(0)
os.waitpid(pid, 0)
