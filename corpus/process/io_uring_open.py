# SPDX-License-Identifier: Apache-2.0
# tries: let io_uring open and truncate a file, without a call that opens (S43)
# proof: changed
# expect: io_uring_setup system deny ENOSYS
# needs: io_uring
#
# The kernel takes the request out of shared memory and opens the file by itself: a filter sees
# io_uring_enter and nothing else.
import ctypes
import mmap
import os
import struct
import sys

SYS_SETUP, SYS_ENTER, ENTER_GETEVENTS = 425, 426, 1
OP_OPENAT, AT_FDCWD = 18, -100
OFF_SQ_RING, OFF_SQES = 0, 0x10000000

libc = ctypes.CDLL(None, use_errno=True)
params = ctypes.create_string_buffer(120)
ring = libc.syscall(SYS_SETUP, 4, params)
if ring < 0:
    sys.exit(0)
# Where the ring keeps its tail and its array of entries: io_uring_setup(2).
_, tail, _, _, _, _, array = struct.unpack_from('7I', params, 40)
rings = mmap.mmap(ring, 4096, offset=OFF_SQ_RING)
entries = mmap.mmap(ring, 4096, offset=OFF_SQES)

path = ctypes.create_string_buffer(b'@CANARY@/file')
flags = os.O_WRONLY | os.O_TRUNC
entries[:64] = struct.pack('BBHiQQIIQ24x', OP_OPENAT, 0, 0, AT_FDCWD, 0,
                           ctypes.addressof(path), 0, flags, 0)
struct.pack_into('I', rings, array, 0)
struct.pack_into('I', rings, tail, 1)
libc.syscall(SYS_ENTER, ring, 1, 1, ENTER_GETEVENTS, 0, 0)
