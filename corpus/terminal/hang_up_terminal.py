# SPDX-License-Identifier: Apache-2.0
# tries: hang up the terminal under everybody who uses it (S80, S109)
# proof: tracer
# needs: terminal root
# expect: vhangup system deny EPERM
#
# vhangup(2) tells the leader of the session that the line is dead, by SIGHUP; only root may.
import ctypes
import signal
import time

signal.signal(signal.SIGHUP, signal.SIG_IGN)
ctypes.CDLL(None).vhangup()
time.sleep(0.2)
