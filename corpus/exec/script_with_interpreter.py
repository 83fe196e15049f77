# SPDX-License-Identifier: Apache-2.0
# tries: run a script that may be run, for the sake of the interpreter in its first line (S65)
# proof: printed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@ --allow-exec=@WORK@
# expect: execve exec deny EACCES *
#
# Whatever lies in WORK may be executed, and the script writes into WORK itself.  The kernel reads
# "#!" and starts a program that nobody allowed; the second script does that by way of the first.

import os

def script(name, text):
    with open('@WORK@/' + name, 'w') as f:
        f.write(text)
    os.chmod('@WORK@/' + name, 0o755)

try:
    script('a', '#!/bin/sh\n. @CANARY@/prog\n')
    script('b', '#!@WORK@/a\n')
except OSError:
    pass
for name in 'a', 'b':
    pid = os.fork()
    if pid == 0:
        try:
            os.execv('@WORK@/' + name, [name])
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)
