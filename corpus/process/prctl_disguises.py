# SPDX-License-Identifier: Apache-2.0
# tries: change what a tracer goes by - name, layout, executable, tracer - and write (S88)
# proof: changed
# expect: prctl system deny EPERM
# expect: personality system deny EPERM
# expect: openat write deny EACCES @CANARY@/file
#
# A name with a parenthesis breaks parsers of /proc/PID/stat; PR_SET_MM moves what /proc says about
# the memory; PR_SET_PTRACER invites another tracer; user dispatch turns calls into signals.
import ctypes

PR_SET_NAME, PR_SET_MM, PR_SET_PTRACER = 15, 35, 0x59616d61
PR_SET_SYSCALL_USER_DISPATCH, PR_SET_CHILD_SUBREAPER = 59, 36
PR_SET_MM_START_STACK, PR_SET_MM_EXE_FILE = 5, 13
ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC = 0x0040000, 0x0400000

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(PR_SET_NAME, b') Z 1 1 1 0', 0, 0, 0)
libc.prctl(PR_SET_PTRACER, ctypes.c_long(-1), 0, 0, 0)
libc.prctl(PR_SET_MM, PR_SET_MM_START_STACK, 0x10000, 0, 0)
with open('@PYTHON@', 'rb') as program:
    libc.prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, program.fileno(), 0, 0)
libc.prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0)
libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
libc.personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC)
try:
    with open('@CANARY@/file', 'w') as f:
        f.write('in disguise\n')
except OSError:
    pass
