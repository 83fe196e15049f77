# SPDX-License-Identifier: Apache-2.0
# tries: make the terminal signal its foreground group, the tracer and its pipeline (S80, S109)
# proof: tracer
# needs: terminal tiocsti
# expect: fcntl signal deny EPERM
# expect: ioctl signal deny EPERM
#
# With O_ASYNC a terminal sends SIGIO to whoever is in the foreground when something is typed: to
# processes that the script may not signal.  Who does not expect it dies of it.  The key is typed by
# the script, so that no hand is needed.
import fcntl
import os
import signal
import struct
import termios
import time

O_ASYNC = 0x2000

signal.signal(signal.SIGIO, signal.SIG_IGN)
for act in (lambda: fcntl.fcntl(0, fcntl.F_SETFL, os.O_RDWR | O_ASYNC),
            lambda: fcntl.ioctl(0, termios.FIOASYNC, struct.pack('i', 1)),
            lambda: fcntl.ioctl(0, termios.TIOCSTI, b'\n')):
    try:
        act()
    except OSError:
        pass
time.sleep(0.3)
