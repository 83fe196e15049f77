# SPDX-License-Identifier: Apache-2.0
# tries: empty a file by an entry in an io_uring queue, not by a call (S43)
# proof: changed
# needs: io_uring
# expect: io_uring_setup * deny ENOSYS
#
# The kernel opens the file on behalf of the queue.  No filter and no tracer sees an openat; the
# only calls are those that make and run the queue.

import ctypes
import mmap
import os
import struct
import sys

SYS_io_uring_setup, SYS_io_uring_enter = 425, 426
AT_FDCWD = -100
OFF_SQES = 0x10000000
OP_OPENAT, GETEVENTS = 18, 1

libc = ctypes.CDLL(None)
params = (ctypes.c_uint32 * 30)()
ring = libc.syscall(SYS_io_uring_setup, 4, params)
if ring < 0:
    sys.exit(0)
tail, array = params[11], params[16]
queue = mmap.mmap(ring, array + 4 * params[0])
entries = mmap.mmap(ring, 64 * params[0], offset=OFF_SQES)
path = ctypes.create_string_buffer(b'@CANARY@/file')
entries[:64] = struct.pack('BBHiQQIIQHHiQQ', OP_OPENAT, 0, 0, AT_FDCWD, 0, ctypes.addressof(path),
                           0o644, os.O_WRONLY | os.O_TRUNC, 1, 0, 0, 0, 0, 0)
queue[tail:tail + 4] = struct.pack('I', 1)
libc.syscall(SYS_io_uring_enter, ring, 1, 1, GETEVENTS, None, 0)
