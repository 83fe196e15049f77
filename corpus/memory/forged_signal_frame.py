# SPDX-License-Identifier: Apache-2.0
# tries: have rt_sigreturn load registers that make another call at once (S47)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# The frame is not from a signal: it is written by hand, with the number and the arguments of an
# openat, and points at a syscall instruction.  rt_sigreturn itself passes every filter.  A tracer
# that keeps what it saw at the entry of a call believes that the first call is still going on.

import ctypes
import mmap
import os
import struct

SYS_rt_sigreturn, SYS_openat, SYS_exit_group = 15, 257, 231
AT_FDCWD = 0xffffffffffffff9c
USER_CS, USER_SS = 0x33, 0x2b

page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
frame, path, code = at + 512, at + 2048, at + 3072
instructions = b'\x0f\x05\x31\xff\xb8' + struct.pack('I', SYS_exit_group) + b'\x0f\x05'
page[3072:3072 + len(instructions)] = instructions
page[2048:2048 + len(b'@CANARY@/file\0')] = b'@CANARY@/file\0'
jump = b'\x48\xbc' + struct.pack('Q', frame) + b'\xb8' + struct.pack('I', SYS_rt_sigreturn)
page[:len(jump) + 2] = jump + b'\x0f\x05'

registers = [0] * 8 + [AT_FDCWD, path]                        # r8 to r15; rdi, rsi
registers += [0, 0, os.O_WRONLY | os.O_TRUNC, SYS_openat, 0]  # rbp, rbx; rdx, rax; rcx
registers += [frame - 256, code, 0x202]                       # rsp, rip, eflags
registers += [USER_CS | USER_SS << 48] + [0] * 4              # segments; err, trapno, mask, cr2
context = struct.pack('QQQQQ', 0, 0, 0, 0, 0) + struct.pack('23Q', *registers)
page[512:512 + len(context)] = context                        # no fpstate, an empty mask behind

pid = os.fork()
if pid == 0:
    ctypes.CFUNCTYPE(None)(at)()
os.waitpid(pid, 0)
