# SPDX-License-Identifier: Apache-2.0
# tries: write through symbolic links that lie in a permitted folder (S29)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write deny EACCES @CANARY@/new
# expect: truncate write deny EACCES @CANARY@/folder/inner
#
# The link may be made: it is a name in WORK.  Judging where it lies instead of where it leads was
# the hole of several online judges.  One link leads to a file, one to a name that does not exist
# yet, one to another link.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

attempt(os.symlink, '@CANARY@/file', '@WORK@/a')
attempt(os.symlink, '../canary/new', '@WORK@/b')
attempt(os.symlink, '@CANARY@/dirlink/inner', '@WORK@/c')
attempt(os.symlink, '/proc/self/cwd/../w/c', '@WORK@/d')
os.chdir('@WORK@')
attempt(os.open, 'a', os.O_WRONLY | os.O_TRUNC)
attempt(os.open, '@WORK@/b', os.O_WRONLY | os.O_CREAT)
attempt(os.truncate, 'd', 0)
