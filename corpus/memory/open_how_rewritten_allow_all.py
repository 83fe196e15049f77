# SPDX-License-Identifier: Apache-2.0
# tries: rewrite the flags of an openat2 from O_PATH to writing, where everything else is allowed (S02)
# proof: changed
# options: --allow-all
# options: --deny-write=@CANARY@
# expect: openat2 write deny EACCES @CANARY@/file
# wall2: no: --allow-all takes it away
#
# A descriptor for the path alone cannot be handed over, so the kernel makes it, and reads the flags
# again: only where there is nothing that they could pass by.

import ctypes
import mmap
import os
import struct
import threading
import time

SYS_openat2 = 437
AT_FDCWD = -100
SECONDS = 1

# void flip(how, a, b, size, stop): now one, now the other, until *stop is set
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
harmless = struct.pack('QQQ', os.O_PATH, 0, 0)
refused = struct.pack('QQQ', os.O_WRONLY | os.O_TRUNC, 0, 0)
how, stop = ctypes.create_string_buffer(harmless, 24), ctypes.c_int(0)
thread = threading.Thread(target=flip, args=(ctypes.addressof(how), harmless, refused, 24,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat2, AT_FDCWD, b'@CANARY@/file', how, 24)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
