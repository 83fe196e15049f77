# SPDX-License-Identifier: Apache-2.0
# tries: trace the tracer (S82)
# proof: tracer
# expect: ptrace system deny EPERM
# needs: ptrace
#
# Without Yama a tracee may attach to its own tracer: same user, not yet traced.  With
# PTRACE_O_EXITKILL it takes the tracer along when it ends.
import ctypes
import os
import time

SEIZE, INTERRUPT, O_EXITKILL = 0x4206, 0x4207, 0x100000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
libc.ptrace(SEIZE, os.getppid(), 0, O_EXITKILL)
libc.ptrace(INTERRUPT, os.getppid(), 0, 0)
time.sleep(0.2)
