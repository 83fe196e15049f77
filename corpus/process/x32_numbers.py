# SPDX-License-Identifier: Apache-2.0
# tries: open and truncate by x32 numbers, which have bit 30 set (S42)
# proof: changed
# expect: none
# control: none: most kernels are built without the x32 table, and answer ENOSYS
#
# The architecture of an x32 call is that of x86-64: only the number tells it apart, and 0x40000002
# is in no list of numbers that open files.  The whole process may end for this.
import ctypes
import os

X32_BIT = 0x40000000
SYS_OPEN, SYS_TRUNCATE, SYS_CREAT, SYS_UNLINK = 2, 76, 85, 87

libc = ctypes.CDLL(None, use_errno=True)
for number in SYS_OPEN, SYS_TRUNCATE, SYS_CREAT, SYS_UNLINK:
    pid = os.fork()
    if pid == 0:
        libc.syscall(ctypes.c_long(X32_BIT | number), b'@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
        os._exit(0)
    os.waitpid(pid, 0)
