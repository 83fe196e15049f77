# SPDX-License-Identifier: Apache-2.0
# tries: wait for somebody from outside to come in (S104)
# proof: listening
# expect: socket net deny EPERM
#
# A jail that watches outgoing connections sees none here.
import socket
import time

try:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('127.0.0.1', int('@PORT@')))
        s.listen()
        time.sleep(2)
except OSError:
    pass
