# SPDX-License-Identifier: Apache-2.0
# tries: exchange the link by which a program is run while the execve is on its way (S03, S07)
# proof: printed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@ --allow-exec=/usr/bin/true
# expect: execve exec allow * /usr/bin/true
# expect: execve exec deny EACCES @CANARY@/prog
#
# The path stays, its meaning changes between the check and the kernel's own walk.  Without a jail
# the control wins at once.

import ctypes
import os
import signal
import time

SYS_renameat2 = 316
AT_FDCWD = -100
RENAME_EXCHANGE = 2
SECONDS = 1.5

libc = ctypes.CDLL(None)
try:
    os.symlink('/usr/bin/true', '@WORK@/run')
    os.symlink('@CANARY@/prog', '@WORK@/other')
except OSError:
    pass
end = time.monotonic() + SECONDS
exchanger = os.fork()
while exchanger == 0 and time.monotonic() < end + 1:
    libc.syscall(SYS_renameat2, AT_FDCWD, b'@WORK@/run', AT_FDCWD, b'@WORK@/other', RENAME_EXCHANGE)
if exchanger == 0:
    os._exit(0)
while time.monotonic() < end:
    try:
        os.waitpid(os.posix_spawn('@WORK@/run', ['run'], {}), 0)
    except OSError:
        pass
os.kill(exchanger, signal.SIGKILL)
os.waitpid(exchanger, 0)
