# SPDX-License-Identifier: Apache-2.0
# tries: end the tracer by a queued signal, and by one to its handle (S80)
# proof: tracer
# expect: rt_sigqueueinfo signal deny EPERM
# expect: rt_tgsigqueueinfo signal deny EPERM
# expect: pidfd_open process deny EPERM
import ctypes
import os
import signal
import struct

SYS_RT_SIGQUEUEINFO, SYS_RT_TGSIGQUEUEINFO, SI_QUEUE = 129, 297, -1
SYS_PIDFD_SEND_SIGNAL, SYS_PIDFD_OPEN = 424, 434

libc = ctypes.CDLL(None, use_errno=True)
tracer = os.getppid()
info = struct.pack('iii116x', signal.SIGSEGV, 0, SI_QUEUE)
libc.syscall(SYS_RT_SIGQUEUEINFO, tracer, signal.SIGSEGV, info)
libc.syscall(SYS_RT_TGSIGQUEUEINFO, tracer, tracer, signal.SIGSEGV, info)
handle = libc.syscall(SYS_PIDFD_OPEN, tracer, 0)
libc.syscall(SYS_PIDFD_SEND_SIGNAL, handle, signal.SIGKILL, None, 0)
