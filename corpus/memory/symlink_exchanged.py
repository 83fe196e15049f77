# SPDX-License-Identifier: Apache-2.0
# tries: exchange a symbolic link for another in mid-call, from a second process (S03)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/mine
# expect: openat write deny EACCES @CANARY@/file
#
# The text of the path never changes, its meaning does: a jail that calls realpath, says yes, and
# lets the kernel walk the path again has checked another file.  RENAME_EXCHANGE swaps both links at
# once.  Without a jail the control wins at once.

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
    open('@WORK@/mine', 'w').close()
    os.symlink('mine', '@WORK@/link')
    os.symlink('@CANARY@/file', '@WORK@/other')
except OSError:
    pass
end = time.monotonic() + SECONDS
pid = os.fork()
while pid == 0 and time.monotonic() < end + 1:
    libc.syscall(SYS_renameat2, AT_FDCWD, b'@WORK@/link', AT_FDCWD, b'@WORK@/other',
                 RENAME_EXCHANGE)
if pid == 0:
    os._exit(0)
while time.monotonic() < end:
    try:
        os.close(os.open('@WORK@/link', os.O_WRONLY | os.O_TRUNC))
    except OSError:
        pass
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
