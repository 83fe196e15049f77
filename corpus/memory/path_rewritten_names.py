# SPDX-License-Identifier: Apache-2.0
# tries: rewrite the paths of rename and rmdir while the calls are on their way (S01)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: rmdir delete allow * @WORK@/empty
# expect: rmdir delete deny EACCES @CANARY@/empty
# expect: rename write deny EACCES @CANARY@/empty
#
# Calls that give no descriptor cannot be handed over as one: the tracer has to perform them itself,
# or lose this race.  A folder may replace an empty one, so that either call may win.  Without a
# jail the control wins at once.

import ctypes
import mmap
import threading
import time

SYS_rename, SYS_mkdir, SYS_rmdir = 82, 83, 84
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
allowed, protected = b'@WORK@/empty', b'@CANARY@/empty'
size = max(len(allowed), len(protected))
path, stop = ctypes.create_string_buffer(size + 1), ctypes.c_int(0)
thread = threading.Thread(target=flip, args=(ctypes.addressof(path), allowed.rjust(size, b'/'),
                                             protected.rjust(size, b'/'), size,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    libc.syscall(SYS_mkdir, b'@WORK@/mine', 0o700)
    libc.syscall(SYS_rename, b'@WORK@/mine', path)
    libc.syscall(SYS_rmdir, path)
stop.value = 1
thread.join()
