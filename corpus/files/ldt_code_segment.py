# SPDX-License-Identifier: Apache-2.0
# tries: make a 32-bit code segment of its own and enter the kernel from there (S41, S88)
# proof: changed
# needs: i386
# expect: modify_ldt system deny EPERM
#
# Where the kernel's own 32-bit segment were out of reach, modify_ldt makes another:
# far_return_to_32bit with a selector that no list knows.  The far return into a segment that was
# not made is a fault, which ends only the child.

import ctypes
import mmap
import os
import struct

SYS_modify_ldt = 154
WRITE_LDT = 0x11
I386_exit, I386_unlink = 1, 10
CODE_32BIT = 1 | 2 << 1 | 1 << 4 | 1 << 6       # 32-bit, code, limit in pages, usable
SELECTOR = 7                                    # entry 0 of the local table, ring 3
MAP_32BIT = 0x40

page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT,
                 prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
far = bytes([0x6a, SELECTOR, 0x68]) + struct.pack('I', at + 64) + b'\x48\xcb'
code = b'\xbb' + struct.pack('I', at + 1024)                    # mov ebx, path
code += b'\xb8' + struct.pack('I', I386_unlink) + b'\xcd\x80'   # mov eax, unlink; int 0x80
code += b'\xb8' + struct.pack('I', I386_exit) + b'\x31\xdb\xcd\x80'
path = b'@CANARY@/file\0'
page[:len(far)], page[64:64 + len(code)], page[1024:1024 + len(path)] = far, code, path

pid = os.fork()
if pid == 0:
    segment = struct.pack('IIII', 0, 0, 0xfffff, CODE_32BIT)
    ctypes.CDLL(None).syscall(SYS_modify_ldt, WRITE_LDT, segment, len(segment))
    ctypes.CFUNCTYPE(None)(at)()
os.waitpid(pid, 0)
