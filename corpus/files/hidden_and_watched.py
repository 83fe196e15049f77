# SPDX-License-Identifier: Apache-2.0
# tries: find a hidden file by inotify, by handles, by descriptors that only name it
# proof: printed
# options: --allow-read=@CANARY@ --hide=@CANARY@/secret
# expect: inotify_add_watch stat hide ENOENT @CANARY@/secret
# expect: inotify_add_watch stat deny EACCES @CANARY@
# expect: name_to_handle_at stat hide ENOENT @CANARY@/secret
# expect: open_by_handle_at * deny EPERM
# wall2: no: Landlock cannot hide anything inside a folder that may be read
#
# A watch tells names as they are used; a handle, for root, is a second way to open; an O_PATH
# descriptor is asked by fstat, which names nothing.

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(136)
handle[0] = b'\x80'
mount = ctypes.c_int()
watch = libc.inotify_init1(0o4000)
libc.inotify_add_watch(watch, b'@CANARY@/secret', 0xfff)
libc.inotify_add_watch(watch, b'@CANARY@', 0xfff)
libc.syscall(303, -100, b'@CANARY@/secret', handle, ctypes.byref(mount), 0)
fd = libc.syscall(304, os.open('@CANARY@', os.O_RDONLY), handle, 0)
for flags in (os.O_PATH, os.O_PATH | os.O_NOFOLLOW):
    try:
        named = os.open('@CANARY@/secret', flags)
        with open('/proc/self/fd/%d' % named) as f:
            print(f.read())
    except OSError:
        pass
if fd >= 0:
    print(os.read(fd, 100).decode())
