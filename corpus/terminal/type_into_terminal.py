# SPDX-License-Identifier: Apache-2.0
# tries: type a command into the caller's terminal, for the shell to run afterwards (S109)
# proof: terminal
# needs: terminal tiocsti
# expect: ioctl system deny EPERM
# wall2: no: on an inherited terminal Landlock does not refuse it
#
# TIOCSTI puts a byte where keys come from.  It is read when the script has ended and the shell is
# back: by then no jail is there.
import fcntl
import termios

for key in b'echo typed by nobody\n':
    try:
        fcntl.ioctl(0, termios.TIOCSTI, bytes([key]))
    except OSError:
        pass
