# SPDX-License-Identifier: Apache-2.0
# tries: type into the terminal by a command number with junk above bit 31 (S109, S27)
# proof: terminal
# needs: terminal tiocsti
# expect: ioctl system deny EPERM
# wall2: no: on an inherited terminal Landlock does not refuse it
#
# The kernel takes 32 bits of the command.  A filter that compares all 64 finds that it is not
# TIOCSTI: so it was with snapd and flatpak.
import ctypes
import termios

SYS_IOCTL, JUNK = 16, 0x5a5a5a5a << 32

libc = ctypes.CDLL(None, use_errno=True)
for key in b'echo typed by nobody\n':
    libc.syscall(SYS_IOCTL, ctypes.c_uint64(JUNK), ctypes.c_uint64(JUNK | termios.TIOCSTI),
                 bytes([key]))
