# SPDX-License-Identifier: Apache-2.0
# tries: read a hidden file by every way to write its name
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --hide=@CANARY@/secret
# expect: openat read hide ENOENT @CANARY@/secret
# expect: open read hide ENOENT @CANARY@/secret
# wall2: no: Landlock cannot hide anything inside a folder that may be read
#
# Slashes, dots, upper case halves of registers, descriptors, other processes' views of the folder.

import ctypes
import os

def attempt(action, *args, **more):
    try:
        fd = action(*args, **more)
        print(os.read(fd, 100).decode())
    except OSError:
        pass

os.chdir('@CANARY@')
folder = os.open('@CANARY@', os.O_RDONLY)
for path in ('@CANARY@/secret', 'secret', './secret', '@CANARY@//secret', '@CANARY@/./secret',
             '@CANARY@/folder/../secret', '@CANARY@/dirlink/../secret', '/proc/self/cwd/secret',
             '/proc/self/root@CANARY@/secret', '/proc/thread-self/cwd/secret',
             '/proc/self/fd/%d/secret' % folder, '/dev/fd/%d/secret' % folder,
             '//@CANARY@/secret', '/../@CANARY@/secret'):
    attempt(os.open, path, os.O_RDONLY)
    attempt(os.open, path, os.O_RDWR)
    attempt(os.open, path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NOATIME)
attempt(os.open, 'secret', os.O_RDONLY, dir_fd=folder)
libc = ctypes.CDLL(None)
for number in (2, 257, 437):
    args = [ctypes.c_char_p(b'secret'), ctypes.c_long(1 << 32)]
    if number != 2:
        args.insert(0, ctypes.c_long(folder | 7 << 32))
    if number == 437:
        args[2:] = [ctypes.create_string_buffer(24), ctypes.c_long(24)]
    fd = libc.syscall(ctypes.c_long(number), *args)
    attempt(lambda: os.dup(fd))
