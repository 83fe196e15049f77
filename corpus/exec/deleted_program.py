# SPDX-License-Identifier: Apache-2.0
# tries: run a copied program that has no name any more (S65)
# proof: printed
# options: --allow-read=@WORK@,/usr/bin --allow-write=@WORK@ --allow-exec=@WORK@
# expect: execveat exec deny EACCES *
# expect: openat read deny EACCES @CANARY@/secret
#
# Programs in WORK may run, and this one was in WORK.  After the unlink its path ends in "
# (deleted)", and a file of that name could be put there for the comparison.  With the name still
# there it does run, in the same jail.

import os
import shutil

def run(target):
    pid = os.fork()
    if pid == 0:
        try:
            os.execve(target, ['cat', '@CANARY@/secret'], {})
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)

try:
    shutil.copy('/usr/bin/cat', '@WORK@/cat')
    open('@WORK@/cat (deleted)', 'w').close()
    run('@WORK@/cat')
    fd = os.open('@WORK@/cat', os.O_RDONLY)
    os.unlink('@WORK@/cat')
    run(fd)
except OSError:
    pass
