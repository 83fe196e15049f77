# SPDX-License-Identifier: Apache-2.0
# tries: call banned functions as the value of an expression, and as an argument (P10)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/prog
# for: ast
#
# A filter of calls by name sees `open(...)`.  It does not see `(f or g)(...)`, nor who calls what
# is given to map().

try:
    (None or open)('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)

try:
    list(map(exec, ["import os; os.unlink('@CANARY@/prog')"]))
except OSError as e:
    print(e)
