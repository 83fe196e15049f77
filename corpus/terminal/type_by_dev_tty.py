# SPDX-License-Identifier: Apache-2.0
# tries: open the controlling terminal anew, and type there (S109)
# proof: terminal
# needs: terminal tiocsti
# expect: openat * allow * /dev/tty
# expect: ioctl system deny EPERM
#
# /dev/tty reaches the terminal even where all three descriptors lead to files or pipes.
import fcntl
import os
import termios

for descriptor in 0, 1, 2:
    null = os.open('/dev/null', os.O_RDWR)
    os.dup2(null, descriptor)
try:
    terminal = os.open('/dev/tty', os.O_RDWR)
    for key in b'echo typed by nobody\n':
        fcntl.ioctl(terminal, termios.TIOCSTI, bytes([key]))
except OSError:
    pass
