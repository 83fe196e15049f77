# SPDX-License-Identifier: Apache-2.0
# tries: read a hidden file while another thread exchanges its name with that of a public one
# proof: printed
# options: --allow-read=@CANARY@ --hide=@CANARY@/secret
# expect: openat read hide ENOENT @CANARY@/secret
# wall2: no: Landlock cannot hide anything inside a folder that may be read
#
# The path lies in memory that the other thread writes, so that what is judged and what is opened may
# be two files wherever a path is read twice.

import ctypes
import os
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
path = ctypes.create_string_buffer(b'@CANARY@/secret', 4096)
at = len(b'@CANARY@/')
over = False

def exchange():
    while not over:
        path[at:at + 7] = b'file\0\0\0'
        path[at:at + 7] = b'secret\0'

thread = threading.Thread(target=exchange)
thread.start()
until = time.monotonic() + 2
texts = set()
while time.monotonic() < until:
    fd = libc.open(path, 0)
    if fd >= 0:
        texts.add(os.read(fd, 100))
        os.close(fd)
over = True
thread.join()
print(texts)
