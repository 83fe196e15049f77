# SPDX-License-Identifier: Apache-2.0
# tries: run a program that prints the secret, on a pseudo-terminal of our own (P45)
# proof: printed
# options: --allow-read=/dev/ptmx,/dev/pts --allow-write=/dev/ptmx,/dev/pts
# expect: execve exec deny EACCES @CANARY@/prog
# for: any
#
# pty.spawn is fork and exec under another name, for which audit hooks and lists of banned
# functions need another line.

import pty

try:
    pty.spawn(['@CANARY@/prog'])
except OSError as e:
    print(e)
