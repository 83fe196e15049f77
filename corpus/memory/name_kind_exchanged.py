# SPDX-License-Identifier: Apache-2.0
# tries: turn a name from nothing into a link and back, while it is being created (S03)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/name
# expect: openat write deny EACCES @CANARY@/new
#
# A name that does not exist yet is judged by its folder.  When it has become a link to somewhere
# else at the moment of the creation, O_CREAT creates there, unless what was judged is also what is
# done.  Without a jail the control wins at once.

import os
import signal
import time

SECONDS = 1

def attempt(action, *args):
    try:
        return action(*args)
    except OSError:
        return None

end = time.monotonic() + SECONDS
pid = os.fork()
while pid == 0 and time.monotonic() < end + 1:
    attempt(os.symlink, '@CANARY@/new', '@WORK@/name')
    attempt(os.unlink, '@WORK@/name')
if pid == 0:
    os._exit(0)
while time.monotonic() < end:
    fd = attempt(os.open, '@WORK@/name', os.O_WRONLY | os.O_CREAT)
    if fd is not None:
        os.close(fd)
        attempt(os.unlink, '@WORK@/name')
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
