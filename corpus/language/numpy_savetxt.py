# SPDX-License-Identifier: Apache-2.0
# tries: write by numpy: savetxt, tofile and a memory map, each by its own way into C (P35)
# proof: changed
# expect: openat write deny EACCES @CANARY@/savetxt
# expect: openat write deny EACCES @CANARY@/tofile
# expect: openat write deny EACCES @CANARY@/memmap
# for: any
#
# An extension module is machine code with its own ideas of how to open a file.  A guard in the
# language can only know the functions that somebody thought of.

import sys

try:
    import numpy
except ImportError:
    sys.stderr.write('skip: no numpy\n')
    sys.exit(77)

for attack in (lambda: numpy.savetxt('@CANARY@/savetxt', numpy.eye(3)),
               lambda: numpy.eye(3).tofile('@CANARY@/tofile'),
               lambda: numpy.memmap('@CANARY@/memmap', mode='w+', shape=3)):
    try:
        attack()
    except OSError as e:
        print(e)
