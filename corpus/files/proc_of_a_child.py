# SPDX-License-Identifier: Apache-2.0
# tries: reach protected files through the /proc entries of a child of the script's own (S24)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES *
#
# The child stands in the folder and holds the file open for reading.  To whoever decides by
# /proc/self, the entries of another process are just files of procfs.

import os
import signal

WRITE = os.O_WRONLY | os.O_TRUNC

ready = os.pipe()
pid = os.fork()
if pid == 0:
    os.chdir('@CANARY@')
    os.dup2(os.open('file', os.O_RDONLY), 77)
    os.write(ready[1], b'.')
    signal.alarm(10)
    signal.pause()
os.read(ready[0], 1)
for name in 'fd/77', 'cwd/file', 'root@CANARY@/file':
    try:
        os.open('/proc/%d/%s' % (pid, name), WRITE)
    except OSError:
        pass
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
