# SPDX-License-Identifier: Apache-2.0
# tries: start more threads than the limit gives (P63)
# proof: exceeded
# options: --procs=40 --time=20
# control: bounded
# expect: clone process deny EAGAIN
# wall2: no: limits are kept by wall 1
# status: limit procs
import threading
import time

for i in range(200):
    threading.Thread(target=time.sleep, args=(8,)).start()
