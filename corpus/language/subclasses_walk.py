# SPDX-License-Identifier: Apache-2.0
# tries: walk from a tuple to all classes, and from one of them to the real open (P01)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: exec
#
# Empty __builtins__ take names away, not objects.  Every object knows its class, every class its
# base, and `object` all classes of the process.  One of them was written in Python, in os: the
# globals of its methods are the module, and they hold the builtins that were withheld here.

classes = ().__class__.__base__.__subclasses__()
wrap_close = [c for c in classes if c.__name__ == '_wrap_close'][0]
builtins = wrap_close.__init__.__globals__['__builtins__']

try:
    builtins['open']('@CANARY@/file', 'w').write('PWNED')
except:     # even OSError has no name here
    pass
