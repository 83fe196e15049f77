# SPDX-License-Identifier: Apache-2.0
# tries: put another file under the number that /proc/self/fd/N names, in mid-call (S05, S23)
# proof: changed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@
# expect: open write allow * @WORK@/file
# expect: open write deny EACCES @CANARY@/file
#
# Reopening a descriptor of its own is an honest thing to do, where the file may be written.  Number
# 500 is such a file now, and one that may only be read the next moment.  Without a jail the control
# wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_open, SYS_dup2 = 2, 33
TARGET = 500
SECONDS = 1

# void swap(number, a, b, second, stop): number(a, second), number(b, second), ... until *stop
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
protected = os.open('@CANARY@/file', os.O_RDONLY)
try:
    mine = os.open('@WORK@/file', os.O_RDONLY | os.O_CREAT)
except OSError:
    mine = protected
stop = ctypes.c_int(0)
thread = threading.Thread(target=swap, args=(SYS_dup2, mine, protected, TARGET,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_open, b'/proc/self/fd/%d' % TARGET, os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
