# SPDX-License-Identifier: Apache-2.0
# tries: rewrite a path that lies in memory shared with another process (S01)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/file
# expect: openat write deny EACCES @CANARY@/file
#
# Stopping all threads of a process while one of its calls is judged, as some tracers do, is no
# help: the page is mapped by a child too.  Without a jail the control wins at once.

import ctypes
import mmap
import os
import signal
import time

SYS_openat = 257
AT_FDCWD = -100
SECONDS = 1

libc = ctypes.CDLL(None)
try:
    open('@WORK@/file', 'w').close()
except OSError:
    pass
allowed, protected = b'@WORK@/file', b'@CANARY@/file'
size = max(len(allowed), len(protected))
texts = [text.rjust(size, b'/') for text in (allowed, protected)]
page = mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED)
path = ctypes.byref(ctypes.c_char.from_buffer(page))
end = time.monotonic() + SECONDS
pid = os.fork()
while pid == 0 and time.monotonic() < end + 1:
    for text in texts:
        page[:size] = text
        for _ in range(50):
            pass
if pid == 0:
    os._exit(0)
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat, AT_FDCWD, path, os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
