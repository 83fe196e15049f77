# SPDX-License-Identifier: Apache-2.0
# tries: run the dynamic loader as a program, and let it load another one (S65)
# proof: printed
# options: --allow-read=@CANARY@,/usr/bin
# expect: execve exec deny EACCES *
# wall2: no: the loader must be executable for Landlock, and it maps what may be read
#
# ld.so takes the program as its first argument.  It needs only read that, so that a list of
# programs which contains the loader contains all of them.

import glob
import os

for loader in glob.glob('/lib64/ld-linux-x86-64.so.*'):
    pid = os.fork()
    if pid == 0:
        try:
            os.execv(loader, [loader, '/usr/bin/sh', '@CANARY@/prog'])
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)
