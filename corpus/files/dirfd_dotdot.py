# SPDX-License-Identifier: Apache-2.0
# tries: climb out of a permitted folder by `..`, from a descriptor and as text (S25)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write deny EACCES @CANARY@/new
# expect: mkdir write deny EACCES @CANARY@/newer
#
# Each path begins with what may be written.  A test for the prefix, or one that forgets that a
# relative name starts at the descriptor in the first argument, says yes.

import os

def attempt(action, *args, **more):
    try:
        action(*args, **more)
    except OSError:
        pass

work = os.open('@WORK@', os.O_RDONLY | os.O_DIRECTORY)
attempt(os.open, '../canary/file', os.O_WRONLY | os.O_TRUNC, dir_fd=work)
attempt(os.open, '@WORK@/../canary/new', os.O_WRONLY | os.O_CREAT)
attempt(os.mkdir, '@WORK@/.././/w/../canary/./newer/')
