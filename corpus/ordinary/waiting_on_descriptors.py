# SPDX-License-Identifier: Apache-2.0
# tries: wait for pipes, a socket pair and a FIFO by select, poll, epoll and selectors
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import select
import selectors
import socket

r, w = os.pipe()
assert select.select([r], [w], [], 0) == ([], [w], [])
os.write(w, b'x')
assert select.select([r], [], [], 5)[0] == [r]

poll = select.poll()
poll.register(r, select.POLLIN)
assert poll.poll(5000) == [(r, select.POLLIN)]

with select.epoll() as epoll:
    epoll.register(r, select.EPOLLIN | select.EPOLLET)
    assert epoll.poll(5) == [(r, select.EPOLLIN)]
    assert epoll.poll(0) == []

a, b = socket.socketpair()
with selectors.DefaultSelector() as selector:
    selector.register(b, selectors.EVENT_READ, 'b')
    a.sendall(b'hello')
    assert [key.data for key, _ in selector.select(5)] == ['b']
assert b.recv(9) == b'hello'

os.mkfifo('@WORK@/fifo')
if os.fork() == 0:
    with open('@WORK@/fifo', 'w') as f:
        f.write('through')
    os._exit(0)
with open('@WORK@/fifo') as f:
    print(f.read())
os.wait()
