# SPDX-License-Identifier: Apache-2.0
# tries: make the tracer's own opens wait, by a lease on a file that the script may write (S08)
# proof: tracer
# options: --allow-read=@WORK@ --allow-write=@WORK@
# control: none: without the jail only the process that opens has to wait
# expect: fcntl system deny EPERM
#
# Who holds a lease is asked before others may open the file: for 45 seconds, if it does not answer.
import fcntl
import os
import signal

signal.signal(signal.SIGIO, signal.SIG_IGN)
holder = os.open('@WORK@/file', os.O_RDONLY | os.O_CREAT, 0o600)
try:
    fcntl.fcntl(holder, fcntl.F_SETLEASE, fcntl.F_WRLCK)
except OSError:
    pass
if os.fork() == 0:
    os.open('@WORK@/file', os.O_WRONLY)
    os._exit(0)
os.wait()
