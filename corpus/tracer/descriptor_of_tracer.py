# SPDX-License-Identifier: Apache-2.0
# tries: take open descriptors out of the tracer (S83)
# proof: changed
# options: --allow-read=/proc --allow-write=/proc
# expect: openat * deny EACCES
# expect: pidfd_getfd system deny EPERM
# needs: ptrace
#
# The tracer holds its log, files that it opened for the script, and descriptor 9, which its caller
# left open for writing.
import ctypes
import os

SYS_PIDFD_OPEN, SYS_PIDFD_GETFD = 434, 438

libc = ctypes.CDLL(None, use_errno=True)
tracer = os.getppid()
handle = libc.syscall(SYS_PIDFD_OPEN, tracer, 0)
for number in range(3, 16):
    try:
        os.pwrite(os.open(f'/proc/{tracer}/fd/{number}', os.O_WRONLY), b'by its name\n', 0)
    except OSError:
        pass
    copy = libc.syscall(SYS_PIDFD_GETFD, handle, number, 0)
    if copy >= 0:
        try:
            os.pwrite(copy, b'by a copy\n', 0)
        except OSError:
            pass
