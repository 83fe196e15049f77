# SPDX-License-Identifier: Apache-2.0
# tries: make the kernel hang up the process group that the script shares with its caller (S80)
# proof: tracer
# expect: setpgid signal deny EPERM
#
# A group that becomes orphaned while a member is stopped gets SIGHUP and SIGCONT.  The script stops
# one member; then a link of the group to the rest of the session ends.  No signal is sent.
import os
import signal
import time


def child(act):
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(0)
    return pid


def leave():
    """Goes to a group of its own, and leaves a child in the shared one."""
    child(lambda: time.sleep(0.3))
    try:
        os.setpgid(0, 0)
    except OSError:
        pass
    os.wait()


signal.signal(signal.SIGHUP, signal.SIG_IGN)
stopped = child(lambda: (os.kill(os.getpid(), signal.SIGSTOP), time.sleep(5)))
time.sleep(0.1)
os.waitpid(child(leave), 0)
time.sleep(0.2)
os.kill(stopped, signal.SIGKILL)
