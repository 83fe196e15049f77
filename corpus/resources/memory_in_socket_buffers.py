# SPDX-License-Identifier: Apache-2.0
# tries: keep data in the buffers of sockets that nobody reads, where --memory cannot see it (P62)
# proof: exceeded
# options: --memory=150M --files=300 --time=20
# control: bounded
# expect: none
# wall2: no: limits are kept by wall 1
# status: limit files
#
# What was sent and not received is the kernel's memory, in no process's size.  Each pair holds some
# hundred kilobytes, and a process may have as many pairs as descriptors: the limit on those is what
# bounds it.  A pair too many fails with EMFILE, a file too many ends the run.
import resource
import socket
import time

PAIRS = 1200

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = []
try:
    for i in range(PAIRS):
        pair = socket.socketpair()
        pair[0].setblocking(False)
        held.append(pair)
        try:
            while True:
                pair[0].send(bytes(65536))
        except BlockingIOError:
            pass
except OSError:
    held += [open(__file__) for _ in range(4)]
time.sleep(8)
