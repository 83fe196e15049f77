# SPDX-License-Identifier: Apache-2.0
# tries: hide CLONE_UNTRACED behind junk in the upper half of the register (S60, S27)
# proof: survivor
# expect: clone process deny EPERM
# wall2: no: Landlock knows nothing of processes
#
# The kernel takes the flags of clone(2) as 64 bits but drops the upper half.  A filter that
# compares all 64 bits with a list of flag sets sees a number that it does not know.
import ctypes
import os
import signal
import time

SYS_CLONE = 56
CLONE_UNTRACED = 0x00800000
JUNK = 0x5a5a5a5a << 32

libc = ctypes.CDLL(None, use_errno=True)
flags = ctypes.c_uint64(JUNK | CLONE_UNTRACED | signal.SIGCHLD)
pid = libc.syscall(SYS_CLONE, flags, 0, 0, 0, 0)
if pid == 0:
    os.closerange(0, 3)
    time.sleep(3)
    os._exit(0)
