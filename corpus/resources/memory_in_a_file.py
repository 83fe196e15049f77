# SPDX-License-Identifier: Apache-2.0
# tries: keep data in nameless files in memory, which no process maps (P62, P64)
# proof: exceeded
# options: --memory=150M --time=20
# control: bounded
# expect: memfd_create system deny EPERM
# wall2: no: limits are kept by wall 1
# status: limit memory
#
# What lies in a memfd is in no resident size, and on no file system that could be full.  Where none
# is to be had, the script takes ordinary memory instead.
import os
import time

held = []
for i in range(32):
    text = bytearray(b'.') * (16 << 20)
    try:
        os.write(os.memfd_create('hoard'), text)
    except OSError:
        held.append(text)
time.sleep(8)
