# SPDX-License-Identifier: Apache-2.0
# tries: exchange text by TCP streams of asyncio, and datagrams by UDP, on 127.0.0.1
# options: --allow-net

import asyncio
import socket


async def echo(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b'hello\n')
    assert await asyncio.wait_for(reader.readline(), 10) == b'hello\n'
    writer.close()
    server.close()


asyncio.run(main())

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as a, \
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as b:
    a.bind(('127.0.0.1', 0))
    a.settimeout(10)
    b.sendto(b'ping', a.getsockname())
    data, sender = a.recvfrom(99)
    assert data == b'ping'
    a.sendto(b'pong', sender)
    b.settimeout(10)
    print(b.recv(99))
