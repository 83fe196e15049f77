# SPDX-License-Identifier: Apache-2.0
# tries: run a program in the plainest way: fork, execve (S65)
# proof: printed
# options: --allow-read=@CANARY@
# expect: execve exec deny EACCES @CANARY@/prog
#
# The program may be read, and its mode says that it may be executed.  To run it is another right.

import os

pid = os.fork()
if pid == 0:
    try:
        os.execv('@CANARY@/prog', ['prog'])
    except OSError:
        os._exit(0)
os.waitpid(pid, 0)
