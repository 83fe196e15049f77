# SPDX-License-Identifier: Apache-2.0
# tries: send a packet that was built by hand, through a raw socket (S105)
# proof: connected
# expect: socket net deny EPERM
# needs: root
#
# Raw sockets need CAP_NET_RAW, which root has.  Rules about TCP and UDP sockets do not see them.
import socket
import struct

here = socket.inet_aton('127.0.0.1')
text = b'by hand\n'
datagram = struct.pack('!4H', 4242, int('@UDP@'), 8 + len(text), 0) + text
header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(datagram), 0, 0, 64,
                     socket.IPPROTO_UDP, 0, here, here)
try:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        s.sendto(header + datagram, ('127.0.0.1', 0))
except OSError:
    pass
