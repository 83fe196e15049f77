# SPDX-License-Identifier: Apache-2.0
# tries: make a pipe kill a bystander when a byte comes (S85)
# proof: victim
# expect: fcntl signal deny EPERM
#
# A descriptor can be told whom to signal (F_SETOWN), with what (F_SETSIG) and to do it (O_ASYNC).
# The signal is sent by the kernel: no call that signals is made.
import fcntl
import os
import signal

O_ASYNC, F_SETSIG = 0x2000, 10

reader, writer = os.pipe()
for command, value in ((fcntl.F_SETOWN, int('@VICTIM@')), (F_SETSIG, signal.SIGKILL),
                       (fcntl.F_SETFL, O_ASYNC)):
    try:
        fcntl.fcntl(reader, command, value)
    except OSError:
        pass
os.write(writer, b'.')
