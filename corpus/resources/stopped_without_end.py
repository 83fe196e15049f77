# SPDX-License-Identifier: Apache-2.0
# tries: stand still for ever: all processes of the script are stopped (S71, P66)
# proof: exceeded survivor
# options: --time=0.5
# control: bounded
# expect: none
# status: limit time
#
# A stopped process gives no event.  Whoever waits for the next one waits for ever.
import os
import signal

if os.fork() == 0:
    os.setsid()
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
os.kill(os.getpid(), signal.SIGSTOP)
