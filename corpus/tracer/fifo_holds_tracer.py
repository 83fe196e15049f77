# SPDX-License-Identifier: Apache-2.0
# tries: let the tracer wait for the other end of a pipe that nobody opens (J06, S08)
# proof: tracer
# options: --allow-read=@WORK@ --allow-write=@WORK@
# control: none: without the jail only the process that opens has to wait
# expect: mknodat write allow
#
# Where a tracer performs an open for the script, it also waits for it: a FIFO without another end
# blocks for ever, and all other processes with it.
import os
import signal

waiting = []
for name, flags in (('to-nobody', os.O_WRONLY), ('from-nobody', os.O_RDONLY)):
    os.mkfifo(f'@WORK@/{name}')
    pid = os.fork()
    if pid == 0:
        os.open(f'@WORK@/{name}', flags)
        os._exit(0)
    waiting.append(pid)
for i in range(100):
    with open('@WORK@/file', 'w') as f:
        f.write('the others go on\n')
for pid in waiting:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
