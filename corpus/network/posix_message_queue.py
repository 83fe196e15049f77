# SPDX-License-Identifier: Apache-2.0
# tries: leave a POSIX message queue behind (S106)
# proof: object
# expect: mq_open system deny EPERM
# wall2: no: the file system of queues is not one that Landlock sees
#
# mq_open takes a name and flags like open, makes a file in a file system that is mounted nowhere,
# and is not open.
import ctypes
import os

SYS_MQ_OPEN = 240

libc = ctypes.CDLL(None, use_errno=True)
flags = os.O_CREAT | os.O_WRONLY | os.O_NONBLOCK
queue = libc.syscall(SYS_MQ_OPEN, b'pyjail-@PORT@', flags, 0o666, None)
if queue >= 0:
    os.close(queue)
