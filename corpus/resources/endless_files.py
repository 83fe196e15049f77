# SPDX-License-Identifier: Apache-2.0
# tries: use up the file system's inodes with empty files (P64)
# proof: exceeded
# options: --time=0.5 --allow-read=@WORK@ --allow-write=@WORK@
# control: bounded
# expect: openat write allow
# wall2: no: behind wall 2 alone nothing may be written, so that no limit is reached
# status: limit time
#
# Empty files have no size that a limit could look at.  Their number has none either: time ends it.
import os
import time

until = time.monotonic() + 8
number = 0
while time.monotonic() < until:
    for i in range(50):
        os.close(os.open(f'@WORK@/{number % 2000}', os.O_WRONLY | os.O_CREAT))
        number += 1
    time.sleep(0.002)
