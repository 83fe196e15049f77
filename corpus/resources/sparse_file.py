# SPDX-License-Identifier: Apache-2.0
# tries: make a file huge without writing: by its length, by reserving, by a write far away (P64)
# proof: exceeded
# options: --fsize=1M --time=20 --allow-read=@WORK@ --allow-write=@WORK@
# control: bounded
# expect: openat write allow
# wall2: no: behind wall 2 alone nothing may be written, so that no limit is reached
# status: limit fsize
import os
import time

with open('@WORK@/file', 'wb') as f:
    for act in (lambda: os.truncate('@WORK@/file', 1 << 24),
                lambda: os.ftruncate(f.fileno(), 1 << 24),
                lambda: os.posix_fallocate(f.fileno(), 0, 1 << 24),
                lambda: os.pwrite(f.fileno(), b'.', 1 << 24)):
        try:
            act()
        except OSError:
            pass
time.sleep(8)
