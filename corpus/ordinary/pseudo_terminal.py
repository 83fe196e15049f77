# SPDX-License-Identifier: Apache-2.0
# tries: open a pseudo-terminal, change its modes and size, and talk to a child on it
# options: --allow-read=/dev/ptmx,/dev/pts --allow-write=/dev/ptmx,/dev/pts

import fcntl
import os
import pty
import struct
import termios
import tty

ours, theirs = pty.openpty()
assert os.isatty(theirs) and os.ttyname(theirs).startswith('/dev/pts/')
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
assert os.get_terminal_size(ours) == (100, 30)
tty.setraw(theirs)
os.write(theirs, b'x')
assert os.read(ours, 9) == b'x'

child, terminal = pty.fork()
if child == 0:
    line = os.read(0, 99)
    os.write(1, b'got ' + line)
    os._exit(0)
os.write(terminal, b'hello\n')
text = b''
while b'got hello' not in text:
    text += os.read(terminal, 99)
assert os.waitpid(child, 0)[1] == 0
print(text)
