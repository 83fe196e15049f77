# SPDX-License-Identifier: Apache-2.0
# tries: fill shared memory and let go of the page tables, so that no process has it resident (P62)
# proof: exceeded
# options: --memory=150M --time=20
# control: bounded
# expect: none
# wall2: no: limits are kept by wall 1
# status: limit memory
#
# MADV_DONTNEED on a shared mapping forgets the way to its pages, not the pages: they stay, full,
# until the mapping ends, and belong to nobody's resident size.
import mmap
import time

STEP = 16 << 20

held = []
for i in range(24):
    memory = mmap.mmap(-1, STEP)
    memory.write(b'.' * STEP)
    memory.madvise(mmap.MADV_DONTNEED)
    held.append(memory)
time.sleep(8)
