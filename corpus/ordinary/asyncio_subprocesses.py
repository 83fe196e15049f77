# SPDX-License-Identifier: Apache-2.0
# tries: run several programs at once from an event loop, read them, and end one by a signal
# options: --allow-exec=@PYTHON@

import asyncio
import signal
import sys


async def main():
    run = asyncio.create_subprocess_exec
    processes = [await run(sys.executable, '-c', f'print({i}); exit({i})',
                           stdout=asyncio.subprocess.PIPE) for i in range(3)]
    for i, process in enumerate(processes):
        out, _ = await process.communicate()
        assert (int(out), process.returncode) == (i, i)

    sleeper = await run(sys.executable, '-c', 'import time; time.sleep(60)')
    sleeper.terminate()
    assert await sleeper.wait() == -signal.SIGTERM
    print('3 programs, 1 ended')


asyncio.run(main())
