# SPDX-License-Identifier: Apache-2.0
# tries: connect to an abstract socket, which has no path (S103)
# proof: connected
# expect: connect net deny EPERM
#
# No file, no permissions, no mount namespace keeps anybody from it; X11 and D-Bus listen there.
import socket

try:
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(2)
        s.connect('\0@ABSTRACT@')
        s.sendall(b'hello\n')
except OSError:
    pass
