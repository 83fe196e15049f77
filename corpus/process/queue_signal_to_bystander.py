# SPDX-License-Identifier: Apache-2.0
# tries: queue a signal with a payload for a bystander (S85)
# proof: victim
# expect: rt_sigqueueinfo signal deny EPERM
# expect: rt_tgsigqueueinfo signal deny EPERM
import ctypes
import signal
import struct

SYS_RT_SIGQUEUEINFO, SYS_RT_TGSIGQUEUEINFO, SI_QUEUE = 129, 297, -1

libc = ctypes.CDLL(None, use_errno=True)
victim = int('@VICTIM@')
info = struct.pack('iii116x', signal.SIGUSR1, 0, SI_QUEUE)
libc.syscall(SYS_RT_SIGQUEUEINFO, victim, signal.SIGUSR1, info)
libc.syscall(SYS_RT_TGSIGQUEUEINFO, victim, victim, signal.SIGUSR1, info)
