# SPDX-License-Identifier: Apache-2.0
# tries: attach to a bystander so that it dies with the script (S85)
# proof: victim
# expect: ptrace system deny EPERM
# needs: ptrace
#
# A tracer owns its tracee.  With PTRACE_O_EXITKILL the kernel kills it as soon as the tracer ends:
# no signal is sent by anybody.
import ctypes

SEIZE, O_EXITKILL = 0x4206, 0x100000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
libc.ptrace(SEIZE, int('@VICTIM@'), 0, O_EXITKILL)
