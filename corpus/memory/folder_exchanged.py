# SPDX-License-Identifier: Apache-2.0
# tries: exchange a folder in the middle of a path for a link, from a second process (S04)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * *
# expect: openat write deny EACCES @CANARY@/new
#
# O_NOFOLLOW and a look at the last component do not help: what is swapped is the component before.
# Creating makes it worse, since there is no file yet whose identity could be compared.  Without a
# jail the control wins at once.

import ctypes
import os
import signal
import time

SYS_renameat2 = 316
AT_FDCWD = -100
RENAME_EXCHANGE = 2
SECONDS = 1

libc = ctypes.CDLL(None)
try:
    os.mkdir('@WORK@/way')
    os.symlink('@CANARY@', '@WORK@/other')
except OSError:
    pass
end = time.monotonic() + SECONDS
pid = os.fork()
while pid == 0 and time.monotonic() < end + 1:
    libc.syscall(SYS_renameat2, AT_FDCWD, b'@WORK@/way', AT_FDCWD, b'@WORK@/other', RENAME_EXCHANGE)
if pid == 0:
    os._exit(0)
while time.monotonic() < end:
    try:
        os.close(os.open('@WORK@/way/new', os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW))
    except OSError:
        pass
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
