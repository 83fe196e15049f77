# SPDX-License-Identifier: Apache-2.0
# tries: stop a bystander through its thread (S85)
# proof: victim
# expect: tkill signal deny EPERM
# expect: tgkill signal deny EPERM
#
# tkill names a thread, tgkill a thread and its process: a filter on kill alone does not see them.
import ctypes
import signal

SYS_TKILL, SYS_TGKILL = 200, 234

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(SYS_TKILL, int('@VICTIM@'), signal.SIGSTOP)
libc.syscall(SYS_TGKILL, int('@VICTIM@'), int('@VICTIM@'), signal.SIGSTOP)
