# SPDX-License-Identifier: Apache-2.0
# tries: delete the write lock from the __main__ module, which anybody may import (P21)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: audit
#
# exec() with a namespace of its own hides the caller's globals from plain names, and from nothing
# else: the program that owns the lock is in sys.modules, under a name that is always the same.

import sys

vars(sys.modules['__main__']).pop('WRITE_LOCK', None)

try:
    open('@CANARY@/file', 'a').write('PWNED')
except OSError as e:
    print(e)
