# SPDX-License-Identifier: Apache-2.0
# tries: open a file for writing with junk in the upper halves of dirfd, flags and number (S27)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write deny EACCES @CANARY@/new
#
# The kernel takes these arguments as 32-bit ints and never looks at the other half of the register.
# A filter that compares 64 bits sees flags that it does not know and a call number that is none
# (as snap and flatpak did: CVE-2019-7303, CVE-2019-10063).  libc would cut the junk off, so the
# instruction comes from us.

import ctypes
import mmap
import os

SYS_openat = 257
AT_FDCWD = 0xffffff9c
JUNK = 0x5a5a5a5a << 32

code = bytes.fromhex('4889f8'      # mov rax, rdi    the call's number
                     '4889f7'      # mov rdi, rsi
                     '4889d6'      # mov rsi, rdx
                     '4889ca'      # mov rdx, rcx
                     '4d89c2'      # mov r10, r8
                     '0f05 c3')    # syscall; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
kernel = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_char_p,
                          ctypes.c_uint64, ctypes.c_uint64)(at)

kernel(SYS_openat | JUNK, AT_FDCWD | JUNK, b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC | JUNK, JUNK)
kernel(SYS_openat, AT_FDCWD | JUNK, b'@CANARY@/new', os.O_CREAT | JUNK, 0o644 | JUNK)
