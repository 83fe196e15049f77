# SPDX-License-Identifier: Apache-2.0
# tries: make the child a child of the process above the script (S62)
# proof: survivor
# expect: clone process deny EPERM
#
# With CLONE_PARENT the new process is a sibling.  A jail that keeps its books by parentage finds a
# stranger among its own children, and a supervisor that waits for one pid leaves it running.
import ctypes
import os
import signal
import time

SYS_CLONE = 56
CLONE_PARENT = 0x00008000

libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(SYS_CLONE, CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
if pid == 0:
    os.closerange(0, 3)
    time.sleep(3)
    os._exit(0)
