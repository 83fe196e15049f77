# SPDX-License-Identifier: Apache-2.0
# tries: hold the terminal's output for ever, so that the tracer waits in a write (J05, S109)
# proof: exceeded
# needs: terminal
# options: --time=0.5
# control: none: it is about the tracer's own messages
# expect: openat write deny EACCES
# status: limit time
#
# TCOOFF is Ctrl-S by a call.  A tracer that reports refusals there waits until somebody presses
# Ctrl-Q, and keeps no limit meanwhile.
import os
import termios

termios.tcflow(1, termios.TCOOFF)
for i in range(1000):
    try:
        os.open(f'@CANARY@/empty/{i}', os.O_WRONLY | os.O_CREAT)
    except OSError:
        pass
while True:
    pass
