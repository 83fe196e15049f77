# SPDX-License-Identifier: Apache-2.0
# tries: call libm and libc by ctypes, with a callback and structures

import ctypes

libm = ctypes.CDLL('libm.so.6')
libm.cos.restype = ctypes.c_double
libm.cos.argtypes = [ctypes.c_double]
assert libm.cos(0.0) == 1.0

libc = ctypes.CDLL(None)
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 5)(3, 1, 2, 5, 4)
libc.qsort(numbers, 5, 4, compare(lambda a, b: a[0] - b[0]))
assert list(numbers) == [1, 2, 3, 4, 5]


class Time(ctypes.Structure):
    _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]


now = Time()
assert libc.clock_gettime(1, ctypes.byref(now)) == 0 and now.seconds > 0
print(ctypes.sizeof(now), libc.abs(-3))
