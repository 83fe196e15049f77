# SPDX-License-Identifier: Apache-2.0
# tries: make the calls from machine code of the script's own, past libc and past Python (P31)
# proof: changed
# expect: open write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/link
#
# Wrappers by LD_PRELOAD, patched libc functions and audit hooks all sit above this instruction.

import ctypes
import mmap
import os

SYS_open, SYS_unlink = 2, 87

code = bytes.fromhex('4889f8'    # mov rax, rdi    the call's number
                     '4889f7'    # mov rdi, rsi
                     '4889d6'    # mov rsi, rdx
                     '0f05 c3')  # syscall; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
kernel = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_char_p, ctypes.c_long)(at)

kernel(SYS_open, b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
kernel(SYS_unlink, b'@CANARY@/link', 0)
