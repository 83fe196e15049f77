# SPDX-License-Identifier: Apache-2.0
# tries: touch more memory than the limit gives (P62)
# proof: exceeded
# options: --memory=150M --time=20
# control: bounded
# expect: none
# status: limit memory
import time

held = []
for i in range(32):
    held.append(bytearray(b'.') * (16 << 20))
time.sleep(8)
