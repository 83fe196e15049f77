# SPDX-License-Identifier: Apache-2.0
# tries: ask where in memory a bystander has its thread's list of held locks (S85)
# proof: victim
# control: none: it tells an address of the other process, which changes nothing
# expect: get_robust_list process deny EPERM
#
# The kernel asks whether the caller might trace the other one: any process of the same user might.
# The address says where its libc lies, or what its random layout was to hide.

import ctypes
import os

SYS_get_robust_list = 274

libc = ctypes.CDLL(None)
head, size = ctypes.c_ulong(), ctypes.c_ulong()
for pid in int('@VICTIM@'), os.getppid():
    libc.syscall(SYS_get_robust_list, pid, ctypes.byref(head), ctypes.byref(size))
