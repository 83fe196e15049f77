# SPDX-License-Identifier: Apache-2.0
# tries: overwrite the pointer to the list of audit hooks in PyInterpreterState with NULL (P24)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.9
# for: audit
#
# The hooks of sys.addaudithook are in a list that CPython takes out of the garbage collector's
# sight.  With ctypes the interpreter's state is memory all the same: one of its words is the
# address of a list whose first item is a function of two arguments.  NULL there means that there
# are no hooks.  Words that are no addresses are sorted out by reading through /proc/self/mem,
# which fails where following a pointer would crash.

import ctypes
import struct

WORDS = 16384

pythonapi = ctypes.pythonapi
pythonapi.PyInterpreterState_Get.restype = ctypes.c_void_p
state = (ctypes.c_size_t * WORDS).from_address(pythonapi.PyInterpreterState_Get())
memory = open('/proc/self/mem', 'rb', buffering=0)


def words(address, count):
    try:
        memory.seek(address)
        return struct.unpack(f'{count}N', memory.read(8 * count))
    except (OSError, ValueError, OverflowError, struct.error):
        return (0,) * count


for i in range(WORDS):
    _, kind, size, items = words(state[i], 4)
    if kind == id(list) and size > 0:
        hook, = words(items, 1)
        if words(hook, 2)[1] == id(type(words)):
            hook = ctypes.cast(hook, ctypes.py_object).value
            if hook.__code__.co_argcount == 2:      # (event, args)
                state[i] = 0

try:
    open('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
