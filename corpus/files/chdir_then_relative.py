# SPDX-License-Identifier: Apache-2.0
# tries: stand in a protected folder and use names that are only relative (S25, S26)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/folder/inner
# expect: mkdir write deny EACCES @CANARY@/folder/sub/new
#
# Changing the folder is no crime: nothing is read or written by it.  The names that follow say
# nothing about where they are, and fchdir gets there without any name.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

os.chdir('@CANARY@')
attempt(os.open, 'file', os.O_WRONLY | os.O_TRUNC)
attempt(os.unlink, './folder/inner')
os.fchdir(os.open('folder/sub', os.O_PATH))
attempt(os.mkdir, 'new')
