# SPDX-License-Identifier: Apache-2.0
# tries: leave a child in a session of its own, then crash (P60)
# proof: survivor tracer
# expect: none
# status: signal SEGV
# wall2: no: nothing in Landlock ends a process
# for: any
#
# A crash of the interpreter ends every sandbox that lives in the same process, and whatever such a
# sandbox meant to clean up stays.

import ctypes
import os
import time

if os.fork() == 0:
    os.setsid()
    os.closerange(0, 3)
    time.sleep(20)
    os._exit(0)

ctypes.string_at(0)
