# SPDX-License-Identifier: Apache-2.0
# tries: let io_uring make a socket and connect it (S43)
# proof: connected
# expect: io_uring_setup system deny ENOSYS
# needs: io_uring
#
# Two entries in a ring, made by the kernel: neither socket(2) nor connect(2) is called.
import ctypes
import mmap
import socket
import struct
import sys

SYS_SETUP, SYS_ENTER, ENTER_GETEVENTS = 425, 426, 1
OP_CONNECT, OP_SOCKET = 16, 45
OFF_SQ_RING, OFF_CQ_RING, OFF_SQES = 0, 0x8000000, 0x10000000

libc = ctypes.CDLL(None, use_errno=True)
params = ctypes.create_string_buffer(120)
ring = libc.syscall(SYS_SETUP, 4, params)
if ring < 0:
    sys.exit(0)
# Offsets within the rings: io_uring_setup(2).
_, tail, _, _, _, _, array = struct.unpack_from('7I', params, 40)
done, = struct.unpack_from('I', params, 80 + 20)
queue = mmap.mmap(ring, 4096, offset=OFF_SQ_RING)
answers = mmap.mmap(ring, 4096, offset=OFF_CQ_RING)
entries = mmap.mmap(ring, 4096, offset=OFF_SQES)


def submit(number, operation, descriptor, offset, address, length):
    entries[number * 64:number * 64 + 64] = struct.pack(
        'BBHiQQI36x', operation, 0, 0, descriptor, offset, address, length)
    struct.pack_into('I', queue, array + 4 * number, number)
    struct.pack_into('I', queue, tail, number + 1)
    libc.syscall(SYS_ENTER, ring, 1, 1, ENTER_GETEVENTS, 0, 0)
    return struct.unpack_from('Qi', answers, done + 16 * number)[1]


address = ctypes.create_string_buffer(struct.pack('=H', socket.AF_INET) + struct.pack(
    '!H4s8x', int('@TCP@'), socket.inet_aton('127.0.0.1')), 16)
sock = submit(0, OP_SOCKET, socket.AF_INET, socket.SOCK_STREAM, 0, 0)
submit(1, OP_CONNECT, sock, 16, ctypes.addressof(address), 0)
