# SPDX-License-Identifier: Apache-2.0
# tries: flood the caller with output, from two processes on both streams (P64)
# proof: exceeded
# options: --output=64K --time=20
# control: bounded
# expect: none
# status: limit output
import os
import time

stream = 1 if os.fork() else 2
for i in range(64):
    os.write(stream, b'all work and no play\n' * 780)
time.sleep(8)
