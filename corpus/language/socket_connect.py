# SPDX-License-Identifier: Apache-2.0
# tries: connect to services on this machine, by TCP and by an abstract unix socket (P51)
# proof: connected
# expect: socket net deny EPERM *
# expect: connect net deny EPERM *
# for: audit
#
# A guard against writing does not mind a connection, and a service may do what the script may not.

import socket

for family, address in ((socket.AF_INET, ('127.0.0.1', int('@TCP@'))),
                        (socket.AF_UNIX, '\0@ABSTRACT@')):
    try:
        socket.socket(family).connect(address)
    except OSError as e:
        print(e)
