# SPDX-License-Identifier: Apache-2.0
# tries: leave a message queue and semaphores behind, as a way to pass messages out (S106)
# proof: object
# expect: msgget system deny EPERM
# expect: semget system deny EPERM
# wall2: no: Landlock does not know System V objects
import ctypes
import struct

IPC_CREAT = 0o1000

libc = ctypes.CDLL(None, use_errno=True)
libc.semget(int('@PORT@'), 1, IPC_CREAT | 0o666)
queue = libc.msgget(int('@PORT@'), IPC_CREAT | 0o666)
if queue >= 0:
    libc.msgsnd(queue, struct.pack('q', 1) + b'for whom it may concern', 23, 0)
