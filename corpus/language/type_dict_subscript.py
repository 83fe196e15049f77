# SPDX-License-Identifier: Apache-2.0
# tries: look dunder methods up as items: their names are strings, and put together at that (P09)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: ast
#
# What a class has is in a mapping, and reading a mapping is no attribute access.  A filter that
# also reads strings meets '__sub' + 'classes__'.  `vars` is called as an item of a tuple, in case
# that it is banned by name.

namespace = (vars,)[0]

for c in namespace(type)['__sub' + 'classes__'](object):
    if 'os._wrap_close' in str(c):
        init = namespace(c)['__in' + 'it__']

scope = namespace(type(init))['__glo' + 'bals__']   # a member descriptor
function = namespace(type(scope))['__g' + 'et__']   # what reads it
try:
    function(scope, init)['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
