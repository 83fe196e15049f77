# SPDX-License-Identifier: Apache-2.0
# tries: read dunder attributes by class patterns, which are no attribute nodes (P10)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.10
# for: ast
#
# `case object(name=value)` reads the attribute `name`.  In the syntax tree it is a string in a
# MatchClass node; a filter written before 3.10 has never heard of it.

match ():
    case object(__class__=object(__base__=object(__subclasses__=subclasses))):
        pass

for c in subclasses():
    match c:
        case object(__name__='_wrap_close', __init__=object(__globals__=scope)):
            break

try:
    scope['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
