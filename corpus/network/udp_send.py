# SPDX-License-Identifier: Apache-2.0
# tries: send datagrams with sendto, sendmsg and sendmmsg, without a connection (S100)
# proof: connected
# expect: socket net deny EPERM
# wall2: no: Landlock does not know UDP
#
# A datagram needs no connect: the address goes with it, and with sendmsg it is in memory.
import ctypes
import socket
import struct

SYS_SENDMMSG = 307

there = ('127.0.0.1', int('@UDP@'))
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b'sendto\n', there)
        s.sendmsg([b'sendmsg\n'], [], 0, there)
        address = ctypes.create_string_buffer(
            struct.pack('=H', socket.AF_INET) + struct.pack('!H', there[1])
            + socket.inet_aton(there[0]) + bytes(8), 16)
        text = ctypes.create_string_buffer(b'sendmmsg\n')
        vector = ctypes.create_string_buffer(struct.pack('QQ', ctypes.addressof(text), 9))
        message = struct.pack('QIxxxxQQQQixxxxIxxxx', ctypes.addressof(address), 16,
                              ctypes.addressof(vector), 1, 0, 0, 0, 0)
        ctypes.CDLL(None).syscall(SYS_SENDMMSG, s.fileno(), message, 1, 0)
except OSError:
    pass
