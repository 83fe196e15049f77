# SPDX-License-Identifier: Apache-2.0
# tries: read the file in whose place another one is shown
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@CANARY@,@WORK@ --read-only-view=@CANARY@/secret=@CANARY@/file
# expect: openat read view * @CANARY@/secret
# expect: linkat write deny EROFS @CANARY@/secret
# expect: rename * deny EROFS @CANARY@/secret
# wall2: no: Landlock knows nothing of what is shown
#
# By every name it can be called, by a second name that the script would have to make, by a
# descriptor that only names it, and while another thread exchanges the path.

import ctypes
import os
import threading
import time

def show(*names):
    for name in names:
        try:
            with open(name) as f:
                print(f.read())
        except OSError:
            pass

def attempt(action, *args, **more):
    try:
        return action(*args, **more)
    except OSError:
        return -1

libc = ctypes.CDLL(None)
os.chdir('@CANARY@')
folder = os.open('@CANARY@', os.O_RDONLY)
attempt(os.symlink, '@CANARY@/secret', '@WORK@/a')
attempt(os.symlink, '@CANARY@', '@WORK@/b')
named = attempt(os.open, 'secret', os.O_PATH)
show('secret', './secret', 'folder/../secret', '@WORK@/a', '@WORK@/b/secret', '/proc/self/cwd/secret',
     '/proc/self/root@CANARY@/secret', '/dev/fd/%d/secret' % folder, '/proc/self/fd/%d' % named)
attempt(os.link, 'secret', '@WORK@/c', src_dir_fd=folder)
attempt(os.rename, 'secret', '@WORK@/d')
attempt(os.rename, '@CANARY@', '@WORK@/e')
show('@WORK@/c', '@WORK@/d', '@WORK@/e/secret')
path = ctypes.create_string_buffer(b'@CANARY@/secret', 4096)
over = False

def exchange():
    while not over:
        path[len('@CANARY@/'):len('@CANARY@/') + 7] = b'file\0\0\0'
        path[len('@CANARY@/'):len('@CANARY@/') + 7] = b'secret\0'

thread = threading.Thread(target=exchange, daemon=True)
thread.start()
until, texts = time.monotonic() + 1, set()
while time.monotonic() < until:
    fd = libc.open(path, 0)
    if fd >= 0:
        texts.add(os.read(fd, 100))
        os.close(fd)
over = True
thread.join()
print(texts)
