# SPDX-License-Identifier: Apache-2.0
# tries: fill the process table with children that have ended and that nobody waits for (P63)
# proof: exceeded
# options: --procs=40 --time=20
# control: bounded
# expect: clone process deny EAGAIN
# wall2: no: limits are kept by wall 1
# status: limit procs
#
# A zombie runs nothing and uses nothing, so that counts of running processes leave it out; its
# place in the table is taken all the same.
import os
import time

for i in range(200):
    if os.fork() == 0:
        os._exit(0)
time.sleep(8)
