# SPDX-License-Identifier: Apache-2.0
# tries: set what is its own: limits, priority, processors, mask, names, sessions, deep stacks

import os
import resource
import sys
import threading

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 200), hard))
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(soft, 200)

before = os.nice(0)
assert os.nice(1) == min(before + 1, 19)
processors = os.sched_getaffinity(0)
os.sched_setaffinity(0, {min(processors)})
assert os.sched_getaffinity(0) == {min(processors)}
assert os.umask(0o077) >= 0 and os.umask(0o022) == 0o077

if (child := os.fork()) == 0:
    os.setsid()
    os._exit(0 if os.getsid(0) == os.getpgrp() == os.getpid() else 1)
assert os.waitpid(child, 0)[1] == 0


def depth(n):
    return n and 1 + depth(n - 1)


sys.setrecursionlimit(20000)
threading.stack_size(64 << 20)
found = []
thread = threading.Thread(target=lambda: found.append(depth(10000)))
thread.start()
thread.join()
assert found == [10000]
print(os.getpriority(os.PRIO_PROCESS, 0))
