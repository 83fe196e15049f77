# SPDX-License-Identifier: Apache-2.0
"""deep.py FRAMES CALLS: refused opens, FRAMES functions deep; prints nanoseconds a call."""
import os
import sys
import time

frames, calls = int(sys.argv[1]), int(sys.argv[2])


def measure():
    path, flags = '/pyjail-bench', os.O_WRONLY | os.O_CREAT
    best = None
    for _ in range(5):
        start = time.perf_counter_ns()
        for _ in range(calls // 5):
            try:
                os.open(path, flags)
            except OSError:
                pass
        took = (time.perf_counter_ns() - start) / (calls // 5)
        best = took if best is None or took < best else best
    print(best)


# As many different functions as frames: recursion would be kinder to every cache.
text = ''.join('def f%d():\n    x = %d\n    return f%d()\n\n\n' % (i, i, i + 1)
               for i in range(frames - 2))
scope = {'f%d' % (frames - 2): measure}
exec(compile(text, os.path.abspath(__file__), 'exec'), scope)
scope['f0']()
