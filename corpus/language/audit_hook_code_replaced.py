# SPDX-License-Identifier: Apache-2.0
# tries: find the hook among all objects and give it the code of a function that does nothing (P22)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# for: audit
#
# A hook cannot be removed, but it is an ordinary function, and functions can be changed in place.
# The garbage collector lists every one of them.  Setting __code__ raises an event, which the hook
# sees and does not mind: it was written against `open` and a few modules.

import gc
import os


def nothing(*args):
    pass


for f in gc.get_objects():
    if type(f) is type(nothing) and 'WRITE_LOCK' in f.__code__.co_consts:
        f.__code__ = nothing.__code__

try:
    os.unlink('@CANARY@/file')
except OSError as e:
    print(e)
