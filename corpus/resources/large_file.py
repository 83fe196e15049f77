# SPDX-License-Identifier: Apache-2.0
# tries: fill the disk through permitted files, ignoring the signal of the limit (P64)
# proof: exceeded
# options: --fsize=1M --time=20 --allow-read=@WORK@ --allow-write=@WORK@
# control: bounded
# expect: openat write allow
# wall2: no: behind wall 2 alone nothing may be written, so that no limit is reached
# status: limit fsize
#
# The kernel's own limit sends SIGXFSZ, which Python ignores, and then fails with EFBIG: the script
# could go on with the next file.
import time

for name in 'one', 'two', 'three':
    with open(f'@WORK@/{name}', 'wb', buffering=0) as f:
        try:
            for i in range(32):
                f.write(bytes(1 << 20))
        except OSError:
            pass
time.sleep(8)
