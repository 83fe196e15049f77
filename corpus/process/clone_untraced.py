# SPDX-License-Identifier: Apache-2.0
# tries: start a child with CLONE_UNTRACED and let it write when the script has ended (S60)
# proof: changed survivor
# expect: clone process deny EPERM
# wall2: no: Landlock knows nothing of processes; what the child writes is refused
#
# A tracer learns of children by PTRACE_EVENT_FORK.  CLONE_UNTRACED asks the kernel not to tell:
# the child has no tracer, and PTRACE_O_EXITKILL does not reach it.
import ctypes
import os
import signal
import time

SYS_CLONE = 56
CLONE_UNTRACED = 0x00800000

libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(SYS_CLONE, CLONE_UNTRACED | signal.SIGCHLD, 0, 0, 0, 0)
if pid == 0:
    os.closerange(0, 3)
    os.setsid()
    time.sleep(0.3)
    try:
        with open('@CANARY@/file', 'w') as f:
            f.write('written by nobody\n')
    except OSError:
        pass
    time.sleep(3)
    os._exit(0)
