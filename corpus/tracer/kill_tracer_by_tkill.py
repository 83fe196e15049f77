# SPDX-License-Identifier: Apache-2.0
# tries: end the tracer by signals to its threads (S80)
# proof: tracer
# expect: tkill signal deny EPERM
# expect: tgkill signal deny EPERM
#
# tkill takes the number of a thread.  A check for the tracer's process id misses its other threads,
# whose numbers follow closely.
import ctypes
import os
import signal

SYS_TKILL, SYS_TGKILL = 200, 234

libc = ctypes.CDLL(None, use_errno=True)
tracer = os.getppid()
for thread in range(tracer, tracer + 20):
    if os.path.exists(f'/proc/{tracer}/task/{thread}'):
        libc.syscall(SYS_TGKILL, tracer, thread, signal.SIGKILL)
        libc.syscall(SYS_TKILL, thread, signal.SIGKILL)
