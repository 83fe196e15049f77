# SPDX-License-Identifier: Apache-2.0
# tries: run the one program that is refused, by the first line of a script that is not (S65)
# proof: printed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@ --allow-exec --deny-exec=sh
# expect: execve exec deny EACCES *
#
# Everything may run but the shell.  The kernel is asked for the script, and starts the shell: who
# judges the path of the execve has not judged what runs.

import os

try:
    with open('@WORK@/script', 'w') as f:
        f.write('#!/bin/sh\n. @CANARY@/prog\n')
    os.chmod('@WORK@/script', 0o755)
except OSError:
    pass
pid = os.fork()
if pid == 0:
    try:
        os.execv('@WORK@/script', ['script'])
    except OSError:
        os._exit(0)
os.waitpid(pid, 0)
