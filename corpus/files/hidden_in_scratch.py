# SPDX-License-Identifier: Apache-2.0
# tries: come by a hidden file in a view, where folders can be moved and made at will
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --scratch --hide=@CANARY@/secret,@CANARY@/folder
# expect: rename * deny EACCES @CANARY@
# expect: rename * hide ENOENT @CANARY@/secret
# expect: * write hide ENOENT @CANARY@/secret
# expect: mkdir write hide EACCES @CANARY@/secret
# wall2: no: Landlock knows nothing of what is hidden
#
# The folder above it by another name, the name made and removed in the layer, links that another
# thread exchanges, the stand-ins of the layer's own folder, and what a listing leaves out.

import errno
import os
import threading
import time

SECRET = '@CANARY@/secret'

def attempt(action, *args, **more):
    try:
        return action(*args, **more)
    except OSError as e:
        return errno.errorcode[e.errno]

def show(*names):
    for name in names:
        try:
            with open(name) as f:
                print(f.read())
        except OSError:
            pass

os.listdir('@CANARY@')
for old, new in (('@CANARY@', '@WORK@/moved'), (SECRET, '@WORK@/s'), ('@CANARY@/folder', '@WORK@/f')):
    attempt(os.rename, old, new)
attempt(os.link, SECRET, '@WORK@/l')
attempt(os.mkdir, SECRET)
attempt(os.mkdir, '@WORK@/empty')
attempt(os.rename, '@WORK@/empty', '@CANARY@/folder')
attempt(os.rename, '@CANARY@/file', SECRET)
attempt(os.symlink, SECRET, '@WORK@/a')
attempt(os.symlink, '@CANARY@', '@WORK@/b')
attempt(os.symlink, '/proc/self/fd/%d/secret' % os.open('@CANARY@', os.O_RDONLY), '@WORK@/c')
show('@WORK@/moved/secret', '@WORK@/s', '@WORK@/l', '@WORK@/f/inner', '@WORK@/a', '@WORK@/b/secret',
     '@WORK@/c', '@CANARY@/empty/../secret', SECRET + '/../secret')
attempt(os.chdir, '@CANARY@')
show('secret', './folder/../secret')
for name in ('@CANARY@/empty', '@CANARY@/link', '@CANARY@/file'):
    attempt(os.unlink, name)
attempt(os.rename, '@CANARY@', '@WORK@/moved')
over = False

def exchange():
    while not over:
        for to in (SECRET, '@WORK@/public', '@CANARY@'):
            attempt(os.symlink, to, '@WORK@/n')
            attempt(os.rename, '@WORK@/n', '@WORK@/x')

with open('@WORK@/public', 'w') as f:
    f.write('public')
thread = threading.Thread(target=exchange, daemon=True)
thread.start()
until = time.monotonic() + 1
while time.monotonic() < until:
    show('@WORK@/x', '@WORK@/x/secret')
    attempt(os.link, '@WORK@/x', '@WORK@/got', follow_symlinks=True)
    show('@WORK@/got')
    attempt(os.unlink, '@WORK@/got')
over = True
thread.join()
