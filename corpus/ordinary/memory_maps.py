# SPDX-License-Identifier: Apache-2.0
# tries: map memory and a file of its own, share it with a child, grow it
# options: --allow-read=@WORK@ --allow-write=@WORK@

import mmap
import os

anonymous = mmap.mmap(-1, 4096)
if os.fork() == 0:
    anonymous[:5] = b'child'
    os._exit(0)
os.wait()
assert anonymous[:5] == b'child'

with open('@WORK@/mapped', 'w+b') as f:
    f.truncate(4096)
    with mmap.mmap(f.fileno(), 0) as m:
        m[:4] = b'file'
        m.flush()
        m.resize(8192)
        m[8000:8003] = b'end'
        assert m.find(b'end') == 8000
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY) as private:
        private[:4] = b'gone'
content = open('@WORK@/mapped', 'rb').read()
assert content[:4] == b'file' and len(content) == 8192
print(content[:4], content[8000:8003])
