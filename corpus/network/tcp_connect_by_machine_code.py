# SPDX-License-Identifier: Apache-2.0
# tries: connect by bare system calls from own machine code (P31, S100)
# proof: connected
# expect: socket net deny EPERM
#
# No library function runs: what replaces connect() in libc, or hooks it in Python, sees nothing.
# The registers have junk in their upper halves, which the kernel ignores.
import ctypes
import mmap
import socket
import struct

SYS_SOCKET, SYS_CONNECT = 41, 42
JUNK = 0x5a5a5a5a << 32

# rdi points to: number, three arguments.
code = bytes.fromhex('488b07 488b5718 488b7710 488b7f08 0f05 c3')
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(code)] = code
enter = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p)(
    ctypes.addressof(ctypes.c_char.from_buffer(page)))


def syscall(*words):
    return enter((ctypes.c_uint64 * 4)(*words))


there = struct.pack('!2sH4s8x', struct.pack('=H', socket.AF_INET), int('@TCP@'),
                    socket.inet_aton('127.0.0.1'))
address = ctypes.create_string_buffer(there, len(there))
fd = syscall(JUNK | SYS_SOCKET, JUNK | socket.AF_INET, JUNK | socket.SOCK_STREAM, JUNK)
syscall(JUNK | SYS_CONNECT, JUNK | (fd & 0xffffffff), ctypes.addressof(address), JUNK | len(there))
