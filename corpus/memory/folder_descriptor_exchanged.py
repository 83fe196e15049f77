# SPDX-License-Identifier: Apache-2.0
# tries: put another folder under the descriptor that an openat starts from, in mid-call (S05)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/file
# expect: openat write deny EACCES @CANARY@/file
#
# Nothing in memory changes: the arguments are a number and "file".  A thread in machine code calls
# dup2 all the time, so that number 500 is now WORK, now the canary.  Looking at /proc/TID/fd/500
# and then letting the call continue loses.  Without a jail the control wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_dup2, SYS_openat = 33, 257
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
try:
    open('@WORK@/file', 'w').close()
except OSError:
    pass
work, canary = (os.open(name, os.O_PATH) for name in ('@WORK@', '@CANARY@'))
stop = ctypes.c_int(0)
thread = threading.Thread(target=swap, args=(SYS_dup2, work, canary, TARGET,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat, TARGET, b'file', os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
