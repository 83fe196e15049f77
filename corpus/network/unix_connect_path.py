# SPDX-License-Identifier: Apache-2.0
# tries: connect to a daemon's socket by its path (S102)
# proof: connected
# expect: connect net deny EPERM
# wall2: no: Landlock does not refuse connecting by path
#
# docker.sock, D-Bus, ssh-agent and tmux act for whoever connects, and run outside of the jail.
# libc asks a name service daemon this way, so that jails like to allow it.
import socket

try:
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(2)
        s.connect('@UNIX@')
        s.sendall(b'hello\n')
except OSError:
    pass
