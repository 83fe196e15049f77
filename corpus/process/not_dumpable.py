# SPDX-License-Identifier: Apache-2.0
# tries: make the own memory unreadable, then write (S36)
# proof: changed
# expect: prctl system deny EPERM
# expect: openat write deny EACCES @CANARY@/file
#
# A tracer without privilege cannot read the arguments of a process that is not dumpable.  Jails
# that take "cannot read it" for "nothing to see" let the call go.
import ctypes

PR_SET_DUMPABLE = 4

ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
try:
    with open('@CANARY@/file', 'w') as f:
        f.write('unseen\n')
except OSError:
    pass
