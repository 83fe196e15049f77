# SPDX-License-Identifier: Apache-2.0
# tries: reach an IPv4 port through an IPv6 socket (S100)
# proof: connected
# expect: socket net deny EPERM
# needs: ipv6
#
# ::ffff:127.0.0.1 is 127.0.0.1, on a socket of another family: a filter on AF_INET passes it.
import socket

try:
    with socket.socket(socket.AF_INET6) as s:
        s.settimeout(2)
        s.connect(('::ffff:127.0.0.1', int('@TCP@')))
except OSError:
    pass
