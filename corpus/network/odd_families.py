# SPDX-License-Identifier: Apache-2.0
# tries: make a socket of every family that the kernel knows, of every type (S105)
# proof: connected
# control: none: a socket that was only made shows nowhere
# expect: socket net deny EPERM
# wall2: no: making a socket is in no Landlock right
#
# Netlink configures the machine, AF_ALG, AF_VSOCK, AF_KEY and AF_TIPC are large parts of the kernel
# that few programs need.  Where one can be made, the script says which on stdout.
import socket

made = []
for family in range(64):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(family, kind):
                made.append((family, kind.name))
        except OSError:
            pass
print(made)
