# SPDX-License-Identifier: Apache-2.0
# tries: give the terminal another line discipline, which stays when the script has ended (S109)
# proof: terminal
# needs: terminal
# control: none: what stays is a setting, and no byte in the terminal's input
# expect: ioctl system deny EPERM
# wall2: no: on an inherited terminal Landlock does not refuse it
#
# Disciplines turn a terminal into a network interface or a mouse, and load kernel modules.  N_NULL
# does nothing at all: no line is read from this terminal any more.
import fcntl
import struct

TIOCSETD, N_NULL = 0x5423, 27

try:
    fcntl.ioctl(0, TIOCSETD, struct.pack('i', N_NULL))
except OSError:
    pass
