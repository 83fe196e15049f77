# SPDX-License-Identifier: Apache-2.0
# tries: get what the script gave up by Landlock, by way of a tracer that opens for it
# proof: printed
# options: --allow-read=@CANARY@
# needs: landlock
# control: none: without the jail the kernel opens, and Landlock holds
# expect: landlock_create_ruleset system deny ENOSYS
#
# A careful script gives up all reading before it runs code that it does not trust, and runs none
# where it cannot.  A tracer that performs opens is outside of the script's own domain: it must not
# let the script believe that this one holds.

import ctypes
import struct

SYS_landlock_create_ruleset, SYS_landlock_restrict_self = 444, 446
READ_FILE = 1 << 2
PR_SET_NO_NEW_PRIVS = 38

def untrusted():
    try:
        with open('@CANARY@/secret') as f:
            print(f.read())
    except OSError:
        pass

libc = ctypes.CDLL(None)
handled = struct.pack('Q', READ_FILE)
rules = libc.syscall(SYS_landlock_create_ruleset, handled, ctypes.c_long(len(handled)), 0)
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if rules >= 0 and libc.syscall(SYS_landlock_restrict_self, rules, 0) == 0:
    untrusted()
