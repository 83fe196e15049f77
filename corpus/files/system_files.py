# SPDX-License-Identifier: Apache-2.0
# tries: make the kernel write into a file: accounting, swap space, quotas (S34)
# proof: changed
# expect: acct system deny EPERM
# expect: swapon system deny EPERM
# expect: quotactl system deny EPERM
# control: none: without the jail, root would switch the whole machine's accounting and swap
#
# Each takes the name of a file and lets the kernel write there from then on, whatever filters the
# caller has.

import ctypes

SYS_acct, SYS_swapon, SYS_quotactl = 163, 167, 179
Q_QUOTAON = 0x800002

libc = ctypes.CDLL(None)
libc.syscall(SYS_acct, b'@CANARY@/file')
libc.syscall(SYS_swapon, b'@CANARY@/secret', 0)
libc.syscall(SYS_quotactl, Q_QUOTAON << 8, b'@CANARY@', 2, b'@CANARY@/file')
