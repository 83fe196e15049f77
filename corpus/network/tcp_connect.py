# SPDX-License-Identifier: Apache-2.0
# tries: connect to a TCP port (S100, P51)
# proof: connected
# expect: socket net deny EPERM
import socket

try:
    with socket.create_connection(('127.0.0.1', int('@TCP@')), timeout=2) as s:
        s.sendall(b'hello\n')
except OSError:
    pass
