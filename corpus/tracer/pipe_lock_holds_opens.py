# SPDX-License-Identifier: Apache-2.0
# tries: make the tracer's own opens wait, by pipes whose lock the script keeps (J06, S08)
# proof: exceeded
# options: --allow-read=@WORK@ --allow-write=@WORK@ --time=2
# control: bounded
# expect: none
# status: limit time
#
# splice from a socket that stays silent sleeps with the pipe locked.  Who opens that pipe then,
# even with O_NONBLOCK, sleeps too, and SIGKILL does not end it: nobody would be left to keep the
# limit.

import ctypes
import os
import socket
import threading
import time

SECONDS = 30

libc = ctypes.CDLL(None)

def keep(fd):
    silent, other = socket.socketpair()
    silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SECONDS.to_bytes(16, 'little'))
    libc.splice(silent.fileno(), None, fd, None, 4096, 0)

r, w = os.pipe()
ways = [(w, f'/proc/self/fd/{r}', os.O_RDONLY | os.O_NONBLOCK)]
for name, flags in (('a', os.O_RDWR), ('b', os.O_RDWR | os.O_CREAT | os.O_TRUNC),
                    ('c', os.O_RDONLY | os.O_NONBLOCK)):
    try:
        os.mkfifo('@WORK@/' + name)
        ways.append((os.open('@WORK@/' + name, os.O_RDWR), '@WORK@/' + name, flags))
    except OSError:
        pass
for fd, path, flags in ways:
    threading.Thread(target=keep, args=(fd,)).start()
time.sleep(0.3)
for fd, path, flags in ways:
    threading.Thread(target=os.open, args=(path, flags)).start()
