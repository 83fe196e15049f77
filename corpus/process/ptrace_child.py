# SPDX-License-Identifier: Apache-2.0
# tries: trace an own child and exchange its harmless call for another one (S46)
# proof: changed
# expect: ptrace system deny EPERM
#
# The child asks for its process id, with a path and flags in the other registers.  Its tracer, the
# script, turns the number into that of open.  Kernels before 4.8 had filtered by then.
import ctypes
import os
import signal

SYS_OPEN, SYS_GETPID = 2, 39
TRACEME, POKEUSER, SYSCALL = 0, 6, 24
ORIG_RAX = 15 * 8

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4

pid = os.fork()
if pid == 0:
    if libc.ptrace(TRACEME, 0, 0, 0) == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        libc.syscall(SYS_GETPID, b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
    os._exit(0)
_, status = os.waitpid(pid, 0)
# Stop at each entry and exit until the child has ended; every number becomes open's.
for i in range(20):
    if not os.WIFSTOPPED(status):
        break
    if i > 0:
        libc.ptrace(POKEUSER, pid, ORIG_RAX, SYS_OPEN)
    libc.ptrace(SYSCALL, pid, 0, 0)
    _, status = os.waitpid(pid, 0)
else:
    os.kill(pid, signal.SIGKILL)
