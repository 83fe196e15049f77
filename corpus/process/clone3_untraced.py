# SPDX-License-Identifier: Apache-2.0
# tries: start an untraced child with clone3, whose flags are in memory (S61)
# proof: changed survivor
# expect: none
#
# A filter sees registers only, and clone3 passes a pointer: refusing CLONE_UNTRACED in clone is
# not enough.  A jail that answers ENOSYS makes libc fall back to clone, and loses nothing.
import ctypes
import os
import signal
import struct
import time

SYS_CLONE3 = 435
CLONE_UNTRACED = 0x00800000

libc = ctypes.CDLL(None, use_errno=True)
args = struct.pack('8Q', CLONE_UNTRACED, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
pid = libc.syscall(SYS_CLONE3, args, len(args))
if pid == 0:
    os.closerange(0, 3)
    time.sleep(0.3)
    try:
        with open('@CANARY@/file', 'w') as f:
            f.write('written by nobody\n')
    except OSError:
        pass
    time.sleep(3)
    os._exit(0)
