# SPDX-License-Identifier: Apache-2.0
# tries: give up waiting for the other end of a FIFO, by an alarm whose handler raises
# options: --allow-read --allow-write=@WORK@

import os
import signal

class Late(Exception):
    pass

def late(number, frame):
    raise Late

os.mkfifo('@WORK@/fifo')
signal.signal(signal.SIGALRM, late)
for flags in os.O_RDONLY, os.O_WRONLY:
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        os.open('@WORK@/fifo', flags)
    except Late:
        print('nobody came')
    else:
        raise AssertionError('somebody came')
