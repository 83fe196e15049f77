# SPDX-License-Identifier: Apache-2.0
# tries: send datagrams to daemons by path and by name, from a socket and from a pair (S102)
# proof: connected
# expect: socket net deny EPERM
# expect: socketpair net deny EPERM
# wall2: no: Landlock does not refuse sending by path
#
# systemd's notify socket and syslog take datagrams.  One end of a datagram socket pair can send to
# any address: no connect is needed, and sendmsg keeps the address in memory.
import itertools
import socket


SENDS = (lambda s, there: s.sendto(b'sendto\n', there),
         lambda s, there: s.sendmsg([b'sendmsg\n'], [], 0, there),
         lambda s, there: (s.connect(there), s.send(b'send\n')))
MAKES = (lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
         lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0])

for make, send in itertools.product(MAKES, SENDS):
    for there in '@UNIX@.dgram', '\0@ABSTRACT@.dgram':
        try:
            with make() as s:
                send(s, there)
        except OSError:
            pass
