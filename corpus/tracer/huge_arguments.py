# SPDX-License-Identifier: Apache-2.0
# tries: overrun the tracer by the arguments and variables of an exec (J06)
# proof: changed tracer
# options: --allow-exec=@PYTHON@
# expect: execve exec allow
# expect: openat write deny EACCES @CANARY@/file
#
# As much as the kernel takes, then more; a list that does not end in NULL within its page; one that
# points nowhere.  The program that runs in the end writes.
import ctypes
import os

WRITES = '''
try:
    open('@CANARY@/file', 'w').write('among many words')
except OSError:
    pass
'''

libc = ctypes.CDLL(None, use_errno=True)
libc.execve.argtypes = [ctypes.c_void_p] * 3
program = ctypes.create_string_buffer(b'@PYTHON@')
nowhere = (ctypes.c_void_p * 3)(ctypes.addressof(program), 16, None)
libc.execve(program, nowhere, None)
libc.execve(program, 16, 16)
libc.execve(program, (1 << 64) - 4096, None)
for size, count in ((131071, 200), (4, 2000000)):
    try:
        os.execve('@PYTHON@', ['@PYTHON@'] + ['x' * size] * count, {})
    except OSError:
        pass
os.execve('@PYTHON@', ['@PYTHON@', '-c', WRITES] + ['x' * 100000] * 10, {'X' * 1000: 'y' * 100000})
