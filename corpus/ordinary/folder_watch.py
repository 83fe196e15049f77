# SPDX-License-Identifier: Apache-2.0
# tries: watch a folder of its own by inotify, as file watchers and development servers do
# options: --allow-read=@WORK@ --allow-write=@WORK@

import ctypes
import os
import select
import struct

IN_CREATE = 0x100

libc = ctypes.CDLL(None)
fd = libc.inotify_init1(os.O_CLOEXEC)
assert fd >= 0
assert libc.inotify_add_watch(fd, b'@WORK@', IN_CREATE) >= 0

with open('@WORK@/new', 'w'):
    pass
assert select.select([fd], [], [], 5)[0] == [fd]
event = os.read(fd, 4096)
watch, mask, cookie, length = struct.unpack_from('iIII', event)
name = event[16:16 + length].rstrip(b'\0')
assert (mask, name) == (IN_CREATE, b'new')
print(name)
