# SPDX-License-Identifier: Apache-2.0
# tries: reach a protected file by its other names below /proc/self (S24)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/link
#
# "root" and "cwd" are links to folders of the process.  A tracer that compares text sees a path
# below /proc; one that resolves /proc/self itself looks at its own entries instead.

import os
import threading

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

WRITE = os.O_WRONLY | os.O_TRUNC
own = '/proc/%d/task/%d' % (os.getpid(), threading.get_native_id())
os.chdir('@CANARY@')
attempt(os.open, '/proc/self/root@CANARY@/file', WRITE)
attempt(os.open, '/proc/self/cwd/file', WRITE)
attempt(os.open, own + '/root@CANARY@/file', WRITE)
attempt(os.open, own + '/cwd/file', WRITE)
attempt(os.unlink, '/proc/thread-self/cwd/link')
