# SPDX-License-Identifier: Apache-2.0
# tries: unlink by a bare syscall instruction in memory that is writable and executable (P31)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# for: any
#
# Nothing in libc or the interpreter is on the way, so nothing there can be patched, hooked or
# preloaded to notice: eax = 87 (unlink), rdi = the path, syscall, ret.

import ctypes
import mmap

code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b'\xb8\x57\x00\x00\x00'      # mov eax, 87
           b'\x0f\x05'                  # syscall
           b'\xc3')                     # ret
unlink = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_char_p)(
    ctypes.addressof(ctypes.c_char.from_buffer(code)))
print(unlink(b'@CANARY@/file'))
