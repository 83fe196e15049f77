# SPDX-License-Identifier: Apache-2.0
# tries: take an open descriptor out of a bystander: pidfd_getfd, /proc/PID/fd (S85)
# proof: changed
# options: --allow-read=/proc --allow-write=/proc
# expect: pidfd_open process deny EPERM
# expect: pidfd_getfd system deny EPERM
# expect: openat * deny EACCES
# needs: ptrace
#
# The bystander holds descriptor 9, open for writing on a file that the script may not touch.  Who
# gets a copy needs no name, and no open that could be judged.
import ctypes
import os

SYS_PIDFD_OPEN, SYS_PIDFD_GETFD, THEIRS = 434, 438, 9

libc = ctypes.CDLL(None, use_errno=True)
copy = libc.syscall(SYS_PIDFD_GETFD, libc.syscall(SYS_PIDFD_OPEN, int('@VICTIM@'), 0), THEIRS, 0)
if copy >= 0:
    os.pwrite(copy, b'by a copy\n', 0)
try:
    again = os.open(f'/proc/@VICTIM@/fd/{THEIRS}', os.O_WRONLY)
    os.pwrite(again, b'by its name\n', 0)
except OSError:
    pass
