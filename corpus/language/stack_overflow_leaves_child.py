# SPDX-License-Identifier: Apache-2.0
# tries: leave a child, then overflow the C stack by destroying deeply nested objects (P61)
# proof: survivor tracer
# expect: none
# status: signal SEGV
# wall2: no: nothing in Landlock ends a process
# for: any
#
# The recursion limit counts calls of Python functions.  Freeing an object that holds an object
# that holds an object is recursion in C, and only some types are built to survive it.

import os
import threading
import time

if os.fork() == 0:
    os.setsid()
    os.closerange(0, 3)
    time.sleep(20)
    os._exit(0)


def overflow():
    nested = iter(())
    for _ in range(100000):
        nested = enumerate(nested)


threading.stack_size(64 * 1024)
threading.Thread(target=overflow).start()
