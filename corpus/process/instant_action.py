# SPDX-License-Identifier: Apache-2.0
# tries: attack with the first instruction of a new process, before a tracer is there (S63)
# proof: changed
# expect: open write deny EACCES @CANARY@/file
#
# A tracer that attaches when it hears of the fork comes too late.  Machine code: after fork(2)
# parent and child both open the file, without a library call in between.
import ctypes
import mmap
import os
import struct

SYS_FORK, SYS_OPEN, SYS_EXIT = 57, 2, 60
ROUNDS = 100

path = ctypes.create_string_buffer(b'@CANARY@/file')
code = b''.join([
    b'\x48\xbf', struct.pack('<Q', ctypes.addressof(path)),     # mov rdi, path
    b'\xbe', struct.pack('<I', os.O_WRONLY | os.O_TRUNC),       # mov esi, flags
    b'\xb8', struct.pack('<I', SYS_FORK), b'\x0f\x05',          # mov eax, fork; syscall
    b'\x85\xc0', b'\x74\x01', b'\xc3',                          # the parent returns
    b'\xb8', struct.pack('<I', SYS_OPEN), b'\x0f\x05',
    b'\x31\xff', b'\xb8', struct.pack('<I', SYS_EXIT), b'\x0f\x05',
])
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(code)] = code
run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
for i in range(ROUNDS):
    pid = run()
    if pid > 0:
        os.waitpid(pid, 0)
