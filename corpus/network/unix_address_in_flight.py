# SPDX-License-Identifier: Apache-2.0
# tries: exchange the address of a connect while the call is under way (S06)
# proof: connected
# expect: connect net allow
# wall2: no: Landlock does not refuse connecting by path
#
# Connecting to "no address" ends an association and harms nobody, so that it may be allowed.  A
# thread turns the family in memory into that of a Unix socket between the check and the use.
import ctypes
import socket
import struct
import threading
import time

path = b'@UNIX@'
address = bytearray(struct.pack('=H', socket.AF_UNSPEC) + path + b'\0')
there = (ctypes.c_char * len(address)).from_buffer(address)
libc = ctypes.CDLL(None, use_errno=True)
over = False


def flip():
    # Once a round: Python lets the other thread run between rounds, with either family there.
    while not over:
        address[0] ^= socket.AF_UNIX ^ socket.AF_UNSPEC


thread = threading.Thread(target=flip)
thread.start()
until = time.monotonic() + 1
while time.monotonic() < until:
    with socket.socket(socket.AF_UNIX) as s:
        s.setblocking(False)
        for i in range(20):
            libc.connect(s.fileno(), there, len(address))
over = True
thread.join()
