# SPDX-License-Identifier: Apache-2.0
# tries: write when the interpreter ends, after the trusted code has lifted its lock (P49)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: audit
#
# "Trusted code may lift the lock again" gives untrusted code a date to wait for.

import atexit


def write():
    try:
        open('@CANARY@/file', 'w').write('PWNED')
    except OSError as e:
        print(e)


atexit.register(write)
