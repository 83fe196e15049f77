# SPDX-License-Identifier: Apache-2.0
# tries: rewrite the path of an execve while the call is on its way (S07)
# proof: printed
# options: --allow-read=@CANARY@ --allow-exec=/usr/bin/true
# expect: execve exec allow * /usr/bin/true
# expect: execve exec deny EACCES @CANARY@/prog
#
# An exec cannot be made by the tracer on the script's behalf, so that the kernel does read the path
# again.  What counts is what is found to run afterwards, before its first instruction.  The child
# of a vfork shares the memory that a thread of its parent's keeps rewriting.  Without a jail the
# control wins at once.

import ctypes
import mmap
import os
import threading
import time

SECONDS = 1.5

# void flip(text, a, b, size, stop): now one, now the other, until *stop is set
FLIP = bytes.fromhex('4989f9 4989ca'         # mov r9, rdi; mov r10, rcx
                     '4c89cf 4c89d1 f3a4'    # mov rdi, r9; mov rcx, r10; rep movsb
                     '4c29d6 4887f2'         # sub rsi, r10; xchg rsi, rdx
                     'b964000000 f390 e2fc'  # mov ecx, 100; pause; loop
                     '41833800 74e3 c3')     # cmp dword [r8], 0; je to the second line; ret
# int spawn(path, argv, envp): vfork, execve, exit
SPAWN = bytes.fromhex('b83a000000 0f05 85c0 7401 c3  b83b000000 0f05  31ff b8e7000000 0f05')
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(FLIP)], page[1024:1024 + len(SPAWN)] = FLIP, SPAWN
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
flip = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
                        ctypes.c_void_p)(at)
spawn = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(at + 1024)

allowed, refused = b'/usr/bin/true', b'@CANARY@/prog'
size = max(len(allowed), len(refused))
path, stop = ctypes.create_string_buffer(size + 1), ctypes.c_int(0)
thread = threading.Thread(target=flip, args=(ctypes.addressof(path), allowed.rjust(size, b'/'),
                                             refused.rjust(size, b'/'), size,
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + SECONDS
argv = (ctypes.c_char_p * 2)(b'prog', None)
while time.monotonic() < end:
    pid = spawn(ctypes.addressof(path), argv, None)
    if pid > 0:
        os.waitpid(pid, 0)
stop.value = 1
thread.join()
