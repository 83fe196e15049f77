# SPDX-License-Identifier: Apache-2.0
# tries: use up the descriptors, own and perhaps the tracer's, then write from many threads (P67)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# A tracer that opens something for each thread can run out of descriptors itself; then it must
# refuse, not let pass.  64 threads wait until the table is full; a few places are made free for
# what the control run needs.

import os
import resource
import threading

resource.setrlimit(resource.RLIMIT_NOFILE, (512, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
full = threading.Event()


def write():
    full.wait()
    try:
        os.close(os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC))
    except OSError:
        pass


threads = [threading.Thread(target=write) for _ in range(64)]
for thread in threads:
    thread.start()

held = []
try:
    while True:
        held.append(os.open('/dev/null', os.O_RDONLY))
except OSError as e:
    print(e)
for fd in held[:4]:
    os.close(fd)

full.set()
for thread in threads:
    thread.join()
