# SPDX-License-Identifier: Apache-2.0
# tries: open the terminal by its name below /dev/pts, from a session of its own, and type (S109)
# proof: terminal
# needs: terminal root tiocsti
# options: --allow-read=/dev/pts --allow-write=/dev/pts
# expect: openat write allow
# expect: ioctl system deny EPERM
#
# In a new session the terminal is nobody's controlling one, and the name still leads there.  Typing
# into a terminal that is not the own one needs root.
import fcntl
import os
import termios

name = os.ttyname(0)
if os.fork() == 0:
    os.setsid()
    try:
        terminal = os.open(name, os.O_RDWR | os.O_NOCTTY)
        for key in b'echo typed by nobody\n':
            fcntl.ioctl(terminal, termios.TIOCSTI, bytes([key]))
    except OSError:
        pass
    os._exit(0)
os.wait()
