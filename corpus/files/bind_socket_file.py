# SPDX-License-Identifier: Apache-2.0
# tries: make a file by binding unix sockets of every kind to its name (S30)
# proof: changed
# expect: bind net deny EPERM
# expect: socketpair net deny EPERM
#
# bind(2) is a network call that makes a name in the file system.  A jail that refuses new sockets
# may still hand out pairs of them, and half of a pair can be bound as well.

import os
import socket

pairs = []
for kind, name in ((socket.SOCK_STREAM, 'stream'), (socket.SOCK_DGRAM, 'datagram'),
                   (socket.SOCK_SEQPACKET, 'packets')):
    try:
        pairs.append(socket.socketpair(socket.AF_UNIX, kind))
        pairs[-1][0].bind('@CANARY@/' + name)
    except OSError:
        pass
try:
    os.chdir('@CANARY@')
    socket.socket(socket.AF_UNIX).bind('relative')
except OSError:
    pass
