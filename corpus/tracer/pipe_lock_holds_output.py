# SPDX-License-Identifier: Apache-2.0
# tries: make the tracer wait when it counts output, by the lock of the standard output (J06)
# proof: exceeded
# options: --output=1M --time=2
# control: none: who reads the output would wait for the script, jail or not
# status: limit time
#
# Who counts the output reads it.  splice from a socket that stays silent sleeps with the pipe
# locked, here right after a byte that is to be read; the children keep the tracer from being there
# earlier.

import ctypes
import os
import socket
import time

SECONDS = 30

libc = ctypes.CDLL(None)
silent, other = socket.socketpair()
silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SECONDS.to_bytes(16, 'little'))
end = time.monotonic() + SECONDS
for i in range(3):
    if os.fork() == 0:
        while time.monotonic() < end:
            libc.unlink(b'/nonexistent')
        os._exit(0)
time.sleep(0.3)
libc.write(1, b'x', 1)
libc.splice(silent.fileno(), None, 1, None, 4096, 0)
