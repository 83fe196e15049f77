# SPDX-License-Identifier: Apache-2.0
# tries: run a program on a terminal of its own (P45)
# proof: printed
# options: --allow-read=/dev/ptmx,/dev/pts,@CANARY@ --allow-write=/dev/ptmx,/dev/pts
# expect: execve exec deny EACCES @CANARY@/prog
#
# pty.fork makes a session and a terminal before the exec: the program is in another process group
# than everything else of the script, and what it says comes through the script's hands.

import os
import pty

try:
    pid, terminal = pty.fork()
except OSError:
    os._exit(0)
if pid == 0:
    try:
        os.execv('@CANARY@/prog', ['prog'])
    finally:
        os._exit(0)
try:
    print(os.read(terminal, 1000))
except OSError:
    pass
os.waitpid(pid, 0)
