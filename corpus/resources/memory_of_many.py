# SPDX-License-Identifier: Apache-2.0
# tries: spread the memory over processes, each of which stays small (P62)
# proof: exceeded
# options: --memory=150M --time=20
# control: bounded
# expect: none
# status: limit memory
#
# RLIMIT_AS and RLIMIT_DATA bind one process; eight processes may have eight times as much.
import os
import time

for i in range(8):
    if os.fork() == 0:
        held = bytearray(b'.') * (60 << 20)
        time.sleep(8)
        os._exit(0)
time.sleep(8)
