# SPDX-License-Identifier: Apache-2.0
# tries: compare, advise and move the memory of a bystander, by the rarer calls (S85)
# proof: victim
# control: none: what these change shows in no state that can be compared
# expect: kcmp system deny EPERM
# expect: process_madvise system deny EPERM
# expect: process_mrelease system deny EPERM
# expect: migrate_pages process deny EPERM
# expect: move_pages process deny EPERM
import ctypes
import os

SYS_MIGRATE_PAGES, SYS_MOVE_PAGES, SYS_KCMP = 256, 279, 312
SYS_PROCESS_MADVISE, SYS_PROCESS_MRELEASE = 440, 448
KCMP_VM, MADV_COLD = 1, 20

libc = ctypes.CDLL(None, use_errno=True)
victim = int('@VICTIM@')
nodes = ctypes.create_string_buffer(8)
libc.syscall(SYS_KCMP, victim, os.getpid(), KCMP_VM, 0, 0)
libc.syscall(SYS_PROCESS_MADVISE, -1, None, 0, MADV_COLD, 0)
libc.syscall(SYS_PROCESS_MRELEASE, -1, 0)
libc.syscall(SYS_MIGRATE_PAGES, victim, 64, nodes, nodes)
libc.syscall(SYS_MOVE_PAGES, victim, 0, None, None, None, 0)
