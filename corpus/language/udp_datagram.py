# SPDX-License-Identifier: Apache-2.0
# tries: send a datagram, as every look-up of a name does (P51)
# proof: connected
# expect: socket net deny EPERM *
# wall2: no: Landlock knows TCP only
# for: audit
#
# Secrets leave by DNS as well as by a connection.

import socket

try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'PWNED', ('127.0.0.1', int('@UDP@')))
except OSError as e:
    print(e)
