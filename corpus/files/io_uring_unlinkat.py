# SPDX-License-Identifier: Apache-2.0
# tries: remove a file through io_uring, with a kernel thread that polls the queue (S43)
# proof: changed
# needs: io_uring
# expect: io_uring_setup * deny ENOSYS
#
# With IORING_SETUP_SQPOLL no call submits the entry: the script stores into memory, and a thread of
# the kernel finds it.  At most it has to be woken.

import ctypes
import mmap
import struct
import sys
import time

SYS_io_uring_setup, SYS_io_uring_enter = 425, 426
SETUP_SQPOLL, NEED_WAKEUP, ENTER_SQ_WAKEUP = 2, 1, 2
AT_FDCWD = -100
OFF_SQES = 0x10000000
OP_UNLINKAT = 36

libc = ctypes.CDLL(None)
params = (ctypes.c_uint32 * 30)()
params[2], params[4] = SETUP_SQPOLL, 1000       # the thread looks for 1000 ms before it sleeps
ring = libc.syscall(SYS_io_uring_setup, 4, params)
if ring < 0:
    sys.exit(0)
tail, state, array, done = params[11], params[14], params[16], params[21]
queue = mmap.mmap(ring, 4096)
entries = mmap.mmap(ring, 64 * params[0], offset=OFF_SQES)
path = ctypes.create_string_buffer(b'@CANARY@/file')
entries[:64] = struct.pack('BBHiQQIIQHHiQQ', OP_UNLINKAT, 0, 0, AT_FDCWD, 0,
                           ctypes.addressof(path), 0, 0, 1, 0, 0, 0, 0, 0)
queue[tail:tail + 4] = struct.pack('I', 1)
for _ in range(200):
    if queue[state] & NEED_WAKEUP:
        libc.syscall(SYS_io_uring_enter, ring, 0, 0, ENTER_SQ_WAKEUP, None, 0)
    if queue[done:done + 4] != bytes(4):
        break
    time.sleep(0.01)
