# SPDX-License-Identifier: Apache-2.0
# tries: let multiprocessing start a second interpreter, in which no guard was ever installed (P46)
# proof: changed
# expect: execve exec deny EACCES *
# for: any
#
# The start method "spawn" runs python3 anew and sends it what to call.  The child has the parent's
# rights and none of its hooks: here it calls open(path, 'w').  The program's file is forgotten
# first, so that the child does not run it once more.

import multiprocessing
import sys

sys.modules['__main__'].__file__ = None
try:
    context = multiprocessing.get_context('spawn')
    child = context.Process(target=open, args=('@CANARY@/file', 'w'))
    child.start()
    child.join(5)
except OSError as e:
    print(e)
