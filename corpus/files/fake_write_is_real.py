# SPDX-License-Identifier: Apache-2.0
# tries: turn a faked write, or a faked change of a name, into a real one
# proof: changed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --fake-write=@CANARY@
# expect: openat write fake * @CANARY@/file
# expect: unlink delete fake * @CANARY@/link
# expect: rename * fake * *
# expect: truncate write fake * @CANARY@/file
#
# By every call that changes, by the descriptor that was handed over, by moving between what is real
# and what is not, and while another thread exchanges the path with one that is real.

import ctypes
import os
import threading
import time

def attempt(action, *args, **more):
    try:
        return action(*args, **more)
    except OSError:
        return -1

libc = ctypes.CDLL(None)
path = ctypes.create_string_buffer(b'@WORK@/file', 4096)
own, other = b'@WORK@/file\0', b'@CANARY@/file\0'
with open('@WORK@/file', 'w') as f:
    f.write('mine')
over = False

def exchange():
    while not over:
        path[:len(other)] = other
        path[:len(own)] = own

thread = threading.Thread(target=exchange, daemon=True)
thread.start()
until = time.monotonic() + 1
while time.monotonic() < until:
    fd = libc.open(path, os.O_WRONLY | os.O_TRUNC)
    os.write(fd, b'changed') if fd >= 0 else None
    os.close(fd) if fd >= 0 else None
    libc.truncate(path, ctypes.c_long(1))
    libc.chmod(path, 0o666)
over = True
thread.join()
fd = attempt(os.open, '@CANARY@/file', os.O_RDWR)
for name in ('@CANARY@/file', '/proc/self/fd/%d' % fd, '@CANARY@/dirlink/../file'):
    f = attempt(os.open, name, os.O_WRONLY | os.O_TRUNC)
    attempt(os.write, f, b'changed')
    attempt(os.truncate, name, 0)
    attempt(os.chmod, name, 0o777)
    attempt(os.utime, name, (1, 1))
    attempt(os.setxattr, name, 'user.x', b'x')
attempt(os.fchmod, fd, 0o777)
attempt(os.ftruncate, fd, 0)
attempt(os.unlink, '@CANARY@/link')
attempt(os.symlink, 'file', '@CANARY@/link')
attempt(os.rename, '@WORK@/file', '@CANARY@/file')
attempt(os.rename, '@CANARY@/secret', '@WORK@/secret')
attempt(os.link, '@CANARY@/file', '@WORK@/b')
attempt(os.link, '@WORK@/b', '@CANARY@/b')
libc.syscall(316, -100, b'@CANARY@/file', -100, b'@WORK@/file', 2)
attempt(os.mkdir, '@CANARY@/made')
attempt(os.rmdir, '@CANARY@/empty')
attempt(os.mknod, '@CANARY@/node')
