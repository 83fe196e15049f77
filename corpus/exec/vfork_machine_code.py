# SPDX-License-Identifier: Apache-2.0
# tries: vfork and execve in nine instructions, with the child on its parent's stack (S64)
# proof: printed
# options: --allow-read=@CANARY@
# expect: vfork process allow *
# expect: execve exec deny EACCES @CANARY@/prog
#
# A tracer that writes into the child's memory to change the call writes into the parent's, too.

import ctypes
import mmap
import os
import struct

SYS_vfork, SYS_execve, SYS_exit_group = 58, 59, 231

code = b'\xb8' + struct.pack('I', SYS_vfork) + bytes.fromhex('0f05'      # mov eax, vfork; syscall
                                                             '85c0'      # test eax, eax
                                                             '7401 c3')  # the parent returns
code += b'\xb8' + struct.pack('I', SYS_execve) + b'\x0f\x05'
code += b'\x31\xff\xb8' + struct.pack('I', SYS_exit_group) + b'\x0f\x05'
# The arguments stay in rdi, rsi and rdx, where the caller puts them and the kernel wants them.
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
spawn = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.addressof(ctypes.c_char.from_buffer(page)))
pid = spawn(b'@CANARY@/prog', (ctypes.c_char_p * 2)(b'prog', None), None)
if pid > 0:
    os.waitpid(pid, 0)
