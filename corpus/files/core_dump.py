# SPDX-License-Identifier: Apache-2.0
# tries: let the kernel write a file: crash with the protected folder as the current one (S34)
# proof: changed
# options: --allow-read=/proc/sys/kernel/core_pattern
#
# No call of the script's writes anything, so that no filter can refuse it.  The limit on cores must
# be zero and hard before the script starts, and Landlock has no say in it.  The child crashes, its
# parent goes on.

import os
import resource
import signal
import sys

with open('/proc/sys/kernel/core_pattern') as f:
    if '/' in f.read():
        print('skip: cores go elsewhere on this machine (core_pattern)', file=sys.stderr)
        sys.exit(77)

pid = os.fork()
if pid == 0:
    os.chdir('@CANARY@')
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    os.kill(os.getpid(), signal.SIGABRT)
os.waitpid(pid, 0)
