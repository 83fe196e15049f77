# SPDX-License-Identifier: Apache-2.0
# tries: raise the limit on core dumps before crashing in the protected folder (S34)
# proof: changed
# options: --allow-read=/proc/sys/kernel/core_pattern
# expect: setrlimit process *
# expect: prlimit64 process *
#
# Root with CAP_SYS_RESOURCE may raise a hard limit again; so may anybody who was left a soft one.
# Here the kernel refuses: the limit is hard and the script's root holds no capability.

import ctypes
import os
import signal
import struct
import sys

SYS_setrlimit, SYS_prlimit64 = 160, 302
RLIMIT_CORE = 4

with open('/proc/sys/kernel/core_pattern') as f:
    if '/' in f.read():
        print('skip: cores go elsewhere on this machine (core_pattern)', file=sys.stderr)
        sys.exit(77)

libc = ctypes.CDLL(None)
pid = os.fork()
if pid == 0:
    os.chdir('@CANARY@')
    limit = struct.pack('qq', 1 << 30, 1 << 30)
    libc.syscall(SYS_setrlimit, RLIMIT_CORE, limit)
    libc.syscall(SYS_prlimit64, 0, RLIMIT_CORE, limit, None)
    os.kill(os.getpid(), signal.SIGABRT)
os.waitpid(pid, 0)
