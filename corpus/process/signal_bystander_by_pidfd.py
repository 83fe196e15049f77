# SPDX-License-Identifier: Apache-2.0
# tries: kill a bystander through a handle: pidfd_open, or its folder in /proc (S85)
# proof: victim
# options: --allow-read=/proc
# expect: pidfd_open process deny EPERM
# expect: pidfd_send_signal signal deny EPERM
#
# pidfd_send_signal takes a descriptor, no number.  A folder below /proc serves as one, and opening
# that is reading.
import ctypes
import os
import signal

SYS_PIDFD_SEND_SIGNAL, SYS_PIDFD_OPEN = 424, 434

libc = ctypes.CDLL(None, use_errno=True)
handle = libc.syscall(SYS_PIDFD_OPEN, int('@VICTIM@'), 0)
libc.syscall(SYS_PIDFD_SEND_SIGNAL, handle, signal.SIGKILL, None, 0)
for flags in os.O_PATH, os.O_RDONLY | os.O_DIRECTORY:
    try:
        handle = os.open('/proc/@VICTIM@', flags)
    except OSError:
        continue
    libc.syscall(SYS_PIDFD_SEND_SIGNAL, handle, signal.SIGKILL, None, 0)
