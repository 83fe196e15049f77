# SPDX-License-Identifier: Apache-2.0
# tries: make the tracer wait when it says something, by the lock of the standard error (J06)
# proof: exceeded
# options: --time=2
# control: none: who reads the messages would wait for the script, jail or not
# expect: unlink delete deny EACCES @CANARY@/file
# status: limit time
#
# The standard error is a pipe that the script shares with the jail.  splice from a socket that
# stays silent sleeps with the pipe locked; then the script does something about which the jail has
# a line to write, into that pipe.

import ctypes
import os
import socket
import threading
import time

SECONDS = 30

libc = ctypes.CDLL(None)
silent, other = socket.socketpair()
silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SECONDS.to_bytes(16, 'little'))
threading.Thread(target=libc.splice, args=(silent.fileno(), None, 2, None, 4096, 0)).start()
time.sleep(0.3)
try:
    os.unlink('@CANARY@/file')
except OSError:
    pass
time.sleep(SECONDS)
