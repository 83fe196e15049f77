# SPDX-License-Identifier: Apache-2.0
# tries: make a file by binding a Unix socket to its name (S30)
# proof: changed
# expect: bind net deny EPERM
#
# bind creates, and is neither open nor mknod.  A pair's ends can be bound as well.
import socket

for make in lambda: socket.socket(socket.AF_UNIX), lambda: socket.socketpair()[0]:
    try:
        with make() as s:
            s.bind('@CANARY@/empty/socket')
    except OSError:
        pass
