# SPDX-License-Identifier: Apache-2.0
# tries: use the globals of the one function that a host lends to code without builtins (P08)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# Both sides are here: a host that evaluates an expression with empty builtins and lends it a
# single harmless function, and the expression.  A function written in Python carries its whole
# module.

import json


def run(expression):
    return eval(expression, {'__builtins__': {}, 'dumps': json.dumps})


try:
    run("dumps.__globals__['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')")
except OSError as e:
    print(e)
