# SPDX-License-Identifier: Apache-2.0
# tries: read a hidden file by another name: links, a moved, exchanged or replaced folder
# proof: printed
# options: --allow-read=@BASE@ --allow-write=@CANARY@,@WORK@ --hide=@CANARY@/secret
# expect: link write hide ENOENT @CANARY@/secret
# expect: rename delete hide ENOENT @CANARY@/secret
# expect: rename * deny EACCES
# expect: renameat2 * deny EACCES
# wall2: no: Landlock cannot hide anything inside a folder that may be read
#
# Everything around the hidden name may be changed: its folder is the script's to write.

import ctypes
import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

def show(*names):
    for name in names:
        try:
            with open(name) as f:
                print(f.read())
        except OSError:
            pass

attempt(os.symlink, '@CANARY@/secret', '@WORK@/b')
attempt(os.symlink, '@CANARY@', '@WORK@/c')
show('@WORK@/b', '@WORK@/c/secret')
attempt(os.link, '@CANARY@/secret', '@WORK@/a')
show('@WORK@/a')
attempt(os.rename, '@CANARY@/secret', '@CANARY@/folder/s')
show('@CANARY@/folder/s')
os.mkdir('@WORK@/d')
ctypes.CDLL(None).syscall(316, -100, b'@CANARY@', -100, b'@WORK@/d', 2)
show('@WORK@/d/secret')
attempt(os.rename, '@CANARY@', '@WORK@/e')
show('@WORK@/e/secret')
