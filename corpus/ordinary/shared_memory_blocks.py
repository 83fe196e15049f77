# SPDX-License-Identifier: Apache-2.0
# tries: share a block of memory with a child by its name
# options: --allow-read=/dev/shm --allow-write=/dev/shm --allow-exec=@PYTHON@
#
# The interpreter that cleans up after lost blocks is another program.

import multiprocessing
from multiprocessing import shared_memory


def increase(name):
    block = shared_memory.SharedMemory(name)
    block.buf[0] += 1
    block.close()


block = shared_memory.SharedMemory(create=True, size=100)
block.buf[0] = 7
child = multiprocessing.get_context('fork').Process(target=increase, args=(block.name,))
child.start()
child.join()
assert (child.exitcode, block.buf[0]) == (0, 8)
block.close()
block.unlink()
print('8')
