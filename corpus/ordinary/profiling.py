# SPDX-License-Identifier: Apache-2.0
# tries: measure and trace itself: profiler, memory, time, faults, garbage, tracing functions
# options: --allow-read=@WORK@ --allow-write=@WORK@

import cProfile
import faulthandler
import gc
import io
import pstats
import sys
import timeit
import trace
import tracemalloc


def work():
    return sorted(range(1000), key=lambda x: -x)


cProfile.run('work()', '@WORK@/profile')
text = io.StringIO()
pstats.Stats('@WORK@/profile', stream=text).sort_stats('cumulative').print_stats()
assert 'work' in text.getvalue()

tracemalloc.start()
held = [bytes(1000) for _ in range(100)]
assert tracemalloc.take_snapshot().statistics('lineno')[0].size > 50000
tracemalloc.stop()

counter = trace.Trace(count=1, trace=0)
assert counter.runfunc(work)[0] == 999
counter.results().write_results(coverdir='@WORK@/cover')

with open('@WORK@/faults', 'w') as f:
    faulthandler.enable(f)
    faulthandler.dump_traceback(f)
    faulthandler.disable()
assert 'profiling.py' in open('@WORK@/faults').read()
assert timeit.timeit('1 + 1', number=9) > 0 and gc.collect() >= 0
print(sys.getsizeof(held) > 800)
