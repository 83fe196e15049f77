# SPDX-License-Identifier: Apache-2.0
# tries: run tasks, timeouts, threads, signals and streams over a socket pair in one event loop
# needs: python>=3.9

import asyncio
import os
import signal
import socket


async def double(reader, writer):
    async for line in reader:
        writer.write(line.strip() * 2 + b'\n')
    writer.close()


async def main():
    assert await asyncio.gather(*[asyncio.sleep(0.01 * i, i) for i in range(5)]) == [0, 1, 2, 3, 4]
    assert await asyncio.to_thread(sum, [1, 2]) == 3
    try:
        await asyncio.wait_for(asyncio.sleep(9), 0.02)
    except asyncio.TimeoutError:
        pass

    got = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, got.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(got.wait(), 5)

    ours, theirs = socket.socketpair()
    server = asyncio.create_task(double(*await asyncio.open_connection(sock=theirs)))
    reader, writer = await asyncio.open_connection(sock=ours)
    writer.write(b'ab\ncd\n')
    writer.write_eof()
    assert await reader.read() == b'abab\ncdcd\n'
    await server
    writer.close()
    print('done')


asyncio.run(main())
