# SPDX-License-Identifier: Apache-2.0
# tries: select text on the console's screen and paste it as if it were typed (S109)
# proof: terminal
# needs: terminal
# control: none: it works on a virtual console only, which a test has none of
# expect: ioctl system deny EPERM
# wall2: no: on an inherited terminal Landlock does not refuse it
#
# What TIOCSTI does, TIOCLINUX does by a detour over the selection (CVE-2023-1523).
import fcntl
import struct

TIOCLINUX, TIOCL_SETSEL, TIOCL_PASTESEL, TIOCL_SELLINE = 0x541c, 2, 3, 2

print('echo typed by nobody')
for words in (struct.pack('=B5H', TIOCL_SETSEL, 1, 1, 80, 1, TIOCL_SELLINE),
              struct.pack('=B11x', TIOCL_PASTESEL)):
    try:
        fcntl.ioctl(0, TIOCLINUX, words)
    except OSError:
        pass
