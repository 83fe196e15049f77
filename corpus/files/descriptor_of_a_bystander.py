# SPDX-License-Identifier: Apache-2.0
# tries: open again what a process outside the jail holds open (S24, S85)
# proof: changed printed
# expect: openat write deny EACCES *
# expect: openat read deny EACCES *
# expect: pidfd_getfd system deny EPERM
#
# The bystander has the canary's file at number 3 and the secret at number 4.  Its /proc entries are
# magic links to both; pidfd_getfd takes the very descriptor, which is open for writing already.

import ctypes
import os

SYS_pidfd_open, SYS_pidfd_getfd = 434, 438
VICTIM = int('@VICTIM@')

libc = ctypes.CDLL(None)
try:
    os.open('/proc/%d/fd/3' % VICTIM, os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
try:
    with open('/proc/%d/fd/4' % VICTIM) as f:
        print(f.read())
except OSError:
    pass
fd = libc.syscall(SYS_pidfd_getfd, libc.syscall(SYS_pidfd_open, VICTIM, 0), 3, 0)
if fd >= 0:
    os.ftruncate(fd, 1)
