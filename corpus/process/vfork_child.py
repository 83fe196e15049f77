# SPDX-License-Identifier: Apache-2.0
# tries: write from a vfork child, which runs in its parent's memory (S64)
# proof: changed
# expect: vfork process allow
# expect: open write deny EACCES @CANARY@/file
#
# Between vfork and its end the parent is held, and the child runs on its stack.  A tracer that puts
# arguments into the child's memory puts them into the parent's.
import ctypes
import mmap
import os
import struct

SYS_VFORK, SYS_OPEN, SYS_EXIT = 58, 2, 60

path = ctypes.create_string_buffer(b'@CANARY@/file')
code = b''.join([
    b'\xb8', struct.pack('<I', SYS_VFORK), b'\x0f\x05',         # mov eax, vfork; syscall
    b'\x85\xc0', b'\x74\x01', b'\xc3',                          # the parent returns
    b'\x48\xbf', struct.pack('<Q', ctypes.addressof(path)),     # mov rdi, path
    b'\xbe', struct.pack('<I', os.O_WRONLY | os.O_TRUNC),       # mov esi, flags
    b'\xb8', struct.pack('<I', SYS_OPEN), b'\x0f\x05',
    b'\x31\xff', b'\xb8', struct.pack('<I', SYS_EXIT), b'\x0f\x05',
])
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(code)] = code
run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
pid = run()
if pid > 0:
    os.waitpid(pid, 0)
