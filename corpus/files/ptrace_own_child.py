# SPDX-License-Identifier: Apache-2.0
# tries: trace a child of its own and turn its harmless call into an open for writing (S46)
# proof: changed
# expect: ptrace system deny EPERM
#
# The filter saw getppid.  At the stop after it, the script's own tracer changes the number and the
# arguments.  (Since Linux 4.8 the filter looks again; before, it did not.)

import ctypes
import os
import signal

SYS_open, SYS_getppid = 2, 110
TRACEME, GETREGS, SETREGS, SYSCALL = 0, 12, 13, 24
RSI, RDI, ORIG_RAX = 13, 14, 15

libc = ctypes.CDLL(None)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
path = ctypes.create_string_buffer(b'@CANARY@/file')
pid = os.fork()
if pid == 0:
    if libc.ptrace(TRACEME, 0, None, None) == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        libc.syscall(SYS_getppid)
    os._exit(0)

regs = (ctypes.c_uint64 * 27)()
while os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
    libc.ptrace(GETREGS, pid, None, regs)
    if regs[ORIG_RAX] == SYS_getppid:
        regs[ORIG_RAX], regs[RDI] = SYS_open, ctypes.addressof(path)
        regs[RSI] = os.O_WRONLY | os.O_TRUNC
        libc.ptrace(SETREGS, pid, None, regs)
    libc.ptrace(SYSCALL, pid, None, None)
