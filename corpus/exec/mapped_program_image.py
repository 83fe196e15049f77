# SPDX-License-Identifier: Apache-2.0
# tries: run a shell without exec: map the loader by hand, build a stack, jump (S65)
# proof: changed
# options: --allow-read=/usr/bin
# expect: openat write deny EACCES @CANARY@/file
#
# "Running a program" needs no call at all: whoever may read /usr and map memory can be his own
# kernel.  That is why the rights belong to the process and not to the program: the shell runs, and
# is refused what the script is refused.

import ctypes
import glob
import mmap
import os
import struct

PT_LOAD = 1
AT_PHDR, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_ENTRY, AT_SECURE, AT_RANDOM = 3, 4, 5, 6, 9, 23, 25
COMMAND = b': > @CANARY@/file'

with open(glob.glob('/lib64/ld-linux-x86-64.so.*')[0], 'rb') as f:
    image = f.read()
entry, headers = struct.unpack_from('QQ', image, 24)
count = struct.unpack_from('H', image, 56)[0]
memory = mmap.mmap(-1, 16 << 20, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
for n in range(count):
    kind, _, offset, address, _, size = struct.unpack_from('IIQQQQ', image, headers + 56 * n)
    if kind == PT_LOAD:
        memory[address:address + size] = image[offset:offset + size]

words = [ctypes.create_string_buffer(w) for w in (b'ld.so', b'/usr/bin/sh', b'-c', COMMAND)]
stack = [len(words)] + [ctypes.addressof(word) for word in words] + [0, 0]
for pair in ((AT_PHDR, base + headers), (AT_PHENT, 56), (AT_PHNUM, count), (AT_PAGESZ, 4096),
             (AT_ENTRY, base + entry), (AT_SECURE, 0), (AT_RANDOM, base), (0, 0)):
    stack += pair
top = (15 << 20) + 4096
memory[top:top + 8 * len(stack)] = struct.pack('%dQ' % len(stack), *stack)
start = b'\x48\xbc' + struct.pack('Q', base + top) + b'\x48\xb8' + struct.pack('Q', base + entry)
memory[15 << 20:(15 << 20) + 24] = start + b'\x31\xd2\xff\xe0'     # xor edx, edx; jmp rax

pid = os.fork()
if pid == 0:
    ctypes.CFUNCTYPE(None)(base + (15 << 20))()
os.waitpid(pid, 0)
