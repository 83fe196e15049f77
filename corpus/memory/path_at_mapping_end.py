# SPDX-License-Identifier: Apache-2.0
# tries: use paths that end at the last byte of a mapping, or lie across two (S35)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/link
#
# Behind the terminating zero there is no memory.  A tracer that reads 4096 bytes at once gets an
# error or a short read; if that means "no path, let it go", the kernel, which reads up to the zero,
# opens the file.

import ctypes
import os

SYS_openat, SYS_unlink = 257, 87
AT_FDCWD = -100
PROT_READ, PROT_WRITE = 1, 2
MAP_PRIVATE, MAP_ANONYMOUS = 2, 0x20
PAGE = 4096

libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + 3 * [ctypes.c_int] + [ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
pages = libc.mmap(None, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
libc.munmap(pages + 2 * PAGE, PAGE)

at_end = pages + 2 * PAGE - len(b'@CANARY@/file\0')
ctypes.memmove(at_end, b'@CANARY@/file\0', len(b'@CANARY@/file\0'))
libc.syscall(SYS_openat, AT_FDCWD, ctypes.c_void_p(at_end), os.O_WRONLY | os.O_TRUNC)

across = pages + PAGE - 5
ctypes.memmove(across, b'@CANARY@/link\0', len(b'@CANARY@/link\0'))
libc.mprotect(ctypes.c_void_p(pages + PAGE), ctypes.c_size_t(PAGE), PROT_READ)
libc.syscall(SYS_unlink, ctypes.c_void_p(across))
