# SPDX-License-Identifier: Apache-2.0
# tries: change the current folder from another thread while a relative open is in flight (S09)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: open write allow * @WORK@/file
# expect: open write deny EACCES @CANARY@/file
#
# Threads share the current folder.  One calls fchdir all the time, the other opens "file", which is
# allowed in one of the two folders.  A jail that works out the folder once and lets the kernel work
# it out again loses.  Without a jail the control wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_open, SYS_fchdir = 2, 81
SECONDS = 1

# void swap(number, a, b, unused, stop): number(a), number(b), ... until *stop
CODE = bytes.fromhex('4989f9 4989f2 4889ce'  # mov r9, rdi; mov r10, rsi; mov rsi, rcx
                     '4c89c8 4c89d7 0f05'    # mov rax, r9; mov rdi, r10; syscall
                     '4987d2'                # xchg r10, rdx
                     'b964000000 f390 e2fc'  # mov ecx, 100; pause; loop
                     '41833800 74e6 c3')     # cmp dword [r8], 0; je to the second line; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(CODE)
swap = ctypes.CFUNCTYPE(None, ctypes.c_long, ctypes.c_long, ctypes.c_long, ctypes.c_long,
                        ctypes.c_void_p)(ctypes.addressof(ctypes.c_char.from_buffer(page)))

libc = ctypes.CDLL(None)
try:
    open('@WORK@/file', 'w').close()
except OSError:
    pass
work, canary = (os.open(name, os.O_PATH) for name in ('@WORK@', '@CANARY@'))
stop = ctypes.c_int(0)
thread = threading.Thread(target=swap, args=(SYS_fchdir, work, canary, 0, ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_open, b'file', os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
