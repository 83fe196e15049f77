# SPDX-License-Identifier: Apache-2.0
# tries: connect, and send a datagram, from an asyncio event loop (P51)
# proof: connected
# expect: socket net deny EPERM
# wall2: no: Landlock does not know UDP
#
# The loop itself needs a socket pair, which stays allowed.
import asyncio


async def by_stream():
    _, writer = await asyncio.open_connection('127.0.0.1', int('@TCP@'))
    writer.write(b'hello\n')
    await writer.drain()


async def by_datagram():
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=('127.0.0.1', int('@UDP@')))
    transport.sendto(b'hello\n')


async def reach():
    for way in by_stream, by_datagram:
        try:
            await asyncio.wait_for(way(), 2)
        except OSError:
            pass


asyncio.run(reach())
