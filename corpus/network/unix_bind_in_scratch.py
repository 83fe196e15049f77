# SPDX-License-Identifier: Apache-2.0
# tries: make a name on disk by binding a Unix socket while all that is written goes to a layer
# proof: changed
# options: --allow-all --scratch
# expect: bind net * * *
# wall2: no: --allow-all takes it away
#
# Under --allow-all the kernel performs a bind, and it does not know the view.  The second try has no
# name in it when the tracer looks: a thread keeps writing one into the address.

import ctypes
import mmap
import socket
import threading
import time

# void flip(byte, a, b, stop): now one, now the other, until *stop is set
FLIP = bytes.fromhex('408837'                # mov [rdi], sil
                     '4887f2'                # xchg rsi, rdx
                     'f390 f390 f390'        # pause
                     '833900 74f0 c3')       # cmp dword [rcx], 0; je to the first line; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:len(FLIP)] = FLIP
flip = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_long, ctypes.c_long, ctypes.c_void_p)(
    ctypes.addressof(ctypes.c_char.from_buffer(page)))
libc = ctypes.CDLL(None)

def attempt(text):
    s = socket.socket(socket.AF_UNIX)
    libc.bind(s.fileno(), text, len(text) - 1)

address = (1).to_bytes(2, 'little') + b'@CANARY@/socket'
attempt(ctypes.create_string_buffer(address))
text = ctypes.create_string_buffer(address + b'2')
stop = ctypes.c_int(0)
thread = threading.Thread(target=flip, args=(ctypes.addressof(text) + 2, 0, ord('/'),
                                             ctypes.addressof(stop)))
thread.start()
end = time.monotonic() + 1
while time.monotonic() < end:
    attempt(text)
stop.value = 1
thread.join()
