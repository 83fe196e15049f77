# SPDX-License-Identifier: Apache-2.0
# tries: connect by sending, with MSG_FASTOPEN (S101)
# proof: connected
# expect: socket net deny EPERM
# wall2: no: Landlock's TCP right is asked in connect(2) only
#
# sendto connects here, and no connect(2) is made: filters on connect see nothing.
import socket

try:
    with socket.socket() as s:
        s.settimeout(2)
        s.sendto(b'hello\n', socket.MSG_FASTOPEN, ('127.0.0.1', int('@TCP@')))
except OSError:
    pass
