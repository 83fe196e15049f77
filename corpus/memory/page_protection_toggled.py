# SPDX-License-Identifier: Apache-2.0
# tries: make the page of a path unreadable and readable again while a call is on its way (S35)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# A jail that cannot read an argument may take the call for harmless: "the kernel will answer EFAULT
# anyhow".  A moment later it can be read.  mprotect runs in a thread of machine code.  Without a
# jail the control wins at once.

import ctypes
import mmap
import os
import threading
import time

SYS_mprotect, SYS_openat = 10, 257
AT_FDCWD = -100
PROT_NONE, PROT_READ = 0, 1
PAGE = 4096
SECONDS = 1

# void toggle(page, size, a, b, stop): mprotect(page, size, a), then b, then a ... until *stop
CODE = bytes.fromhex('4989ca'                # mov r10, rcx
                     'b80a000000 0f05'       # mov eax, mprotect; syscall
                     '4987d2'                # xchg r10, rdx
                     'b964000000 f390 e2fc'  # mov ecx, 100; pause; loop
                     '41833800 74e7 c3')     # cmp dword [r8], 0; je to the second line; ret
page = mmap.mmap(-1, PAGE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(CODE)
toggle = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long, ctypes.c_long,
                          ctypes.c_void_p)(ctypes.addressof(ctypes.c_char.from_buffer(page)))

libc = ctypes.CDLL(None)
path = mmap.mmap(-1, PAGE)
path.write(b'@CANARY@/file')
at = ctypes.addressof(ctypes.c_char.from_buffer(path))
stop = ctypes.c_int(0)
thread = threading.Thread(target=toggle, args=(at, PAGE, PROT_NONE, PROT_READ,
                                               ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat, AT_FDCWD, ctypes.c_void_p(at), os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
stop.value = 1
thread.join()
