# SPDX-License-Identifier: Apache-2.0
# tries: run a program from memory (S65)
# proof: printed
# options: --allow-read=/usr/bin
# expect: execveat exec deny EACCES *
# expect: execve exec deny EACCES *
#
# memfd_create makes a file that is in no folder; its name is whatever the script says.  The copy of
# `cat` in it is as good as the original, and no list of paths knows it.

import os

with open('/usr/bin/cat', 'rb') as f:
    program = f.read()
fd = os.memfd_create('uname', 0)
os.write(fd, program)
for target in fd, '/proc/self/fd/%d' % fd:
    pid = os.fork()
    if pid == 0:
        try:
            os.execve(target, ['cat', '@CANARY@/secret'], {})
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)
