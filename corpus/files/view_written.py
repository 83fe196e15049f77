# SPDX-License-Identifier: Apache-2.0
# tries: change the file that is shown, or the one in whose place it is shown
# proof: changed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --read-only-view=@WORK@/shown=@CANARY@/file
# expect: openat write deny EROFS @WORK@/shown
# expect: openat write deny EACCES @CANARY@/file
# expect: fchmod write deny EACCES @CANARY@/file
#
# The path may be written but for the view, and the script holds a descriptor of the shown file.

import ctypes
import mmap
import os

def attempt(action, *args, **more):
    try:
        return action(*args, **more)
    except (OSError, ValueError):
        return -1

if not os.path.exists('@WORK@/shown'):
    os.symlink('@CANARY@/file', '@WORK@/shown')
fd = os.open('@WORK@/shown', os.O_RDONLY)
link = '/proc/self/fd/%d' % fd
for name in ('@WORK@/shown', link, '/dev/fd/%d' % fd):
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY | os.O_TRUNC, os.O_WRONLY | os.O_CREAT):
        f = attempt(os.open, name, flags)
        attempt(os.write, f, b'changed')
    attempt(os.truncate, name, 0)
    attempt(os.chmod, name, 0o777)
    attempt(os.utime, name, (1, 1))
    attempt(os.setxattr, name, 'user.x', b'x')
attempt(os.write, fd, b'changed')
attempt(os.ftruncate, fd, 0)
attempt(os.fchmod, fd, 0o777)
attempt(os.utime, fd, (1, 1))
attempt(mmap.mmap, fd, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ | mmap.PROT_WRITE)
ctypes.CDLL(None).syscall(275, fd, 0, fd, 0, 1, 0)
