# SPDX-License-Identifier: Apache-2.0
# tries: make the process unreadable to a tracer without privileges, then write (S36)
# proof: changed
# expect: prctl system deny EPERM
# expect: openat write deny EACCES @CANARY@/file
#
# After PR_SET_DUMPABLE 0 /proc/PID/mem cannot be opened by a supervisor of the same user.  If it
# takes an argument that it cannot read for a harmless one, every call is harmless from here on.

import ctypes
import os

PR_SET_DUMPABLE = 4

libc = ctypes.CDLL(None)
libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
try:
    os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
