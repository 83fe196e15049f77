# SPDX-License-Identifier: Apache-2.0
# tries: answer the hook's comparison with "equal" and take its lock by sys._getframe (P20, P21)
# proof: changed
# expect: openat write deny EACCES @CANARY@/new
# for: audit
#
# The same door as the exception's frame, without an exception: sys._getframe raises an event of
# its own, but no hook that guards writing refuses it.  Here every global of the hook whose name
# says LOCK goes, whatever it is called, and the comparison is answered so that the hook lets us
# pass.

import sys


def unlock(scope):
    for name in [name for name in scope if 'LOCK' in name]:
        del scope[name]


class Mode(str):
    def __eq__(self, other):
        unlock(sys._getframe(1).f_globals)
        return True

    def __ne__(self, other):
        unlock(sys._getframe(1).f_globals)
        return False


sys.audit('open', '@CANARY@/new', Mode())

try:
    open('@CANARY@/new', 'x').close()
except OSError as e:
    print(e)
