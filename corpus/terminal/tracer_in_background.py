# SPDX-License-Identifier: Apache-2.0
# tries: put the tracer into the background, where writing to the terminal stops it (S81, S109)
# proof: tracer
# needs: terminal
# control: none: a stand-in that writes nothing is not stopped
# expect: openat write deny EACCES @CANARY@/file
#
# A script may have job control: a group of its own, made the foreground.  With TOSTOP set everybody
# else on this terminal gets SIGTTOU when writing, the process that reports a refusal too.
import os
import signal
import termios
import time

signal.signal(signal.SIGTTOU, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    modes = termios.tcgetattr(0)
    modes[3] |= termios.TOSTOP
    termios.tcsetattr(0, termios.TCSANOW, modes)
    for i in range(3):
        try:
            os.open('@CANARY@/file', os.O_WRONLY)
            os.mkdir(f'@CANARY@/empty/{i}')
        except OSError:
            pass
        time.sleep(0.1)
    os._exit(0)
os.wait()
