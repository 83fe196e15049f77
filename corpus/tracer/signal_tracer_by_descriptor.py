# SPDX-License-Identifier: Apache-2.0
# tries: make a pipe kill the tracer when a byte comes (S80)
# proof: tracer
# expect: fcntl signal deny EPERM
# expect: ioctl signal deny EPERM
#
# F_SETOWN, FIOSETOWN and SIOCSPGRP choose who is signalled; the kernel sends the signal itself.
import fcntl
import os
import signal
import struct

O_ASYNC, F_SETSIG, FIOSETOWN = 0x2000, 10, 0x8901

reader, writer = os.pipe()
tracer = os.getppid()
for act in (lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, tracer),
            lambda: fcntl.ioctl(reader, FIOSETOWN, struct.pack('i', tracer)),
            lambda: fcntl.fcntl(reader, F_SETSIG, signal.SIGKILL),
            lambda: fcntl.fcntl(reader, fcntl.F_SETFL, O_ASYNC)):
    try:
        act()
    except OSError:
        pass
os.write(writer, b'.')
