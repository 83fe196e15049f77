# SPDX-License-Identifier: Apache-2.0
"""calls.py KIND CALLS FOLDER: makes the calls; prints nanoseconds a call, the best of many parts.

    calls.py KIND SECONDS FOLDER PROCESSES: that many processes make them at once, each prints how
    many it got done.
"""
import os
import sys
import time

PARTS = 20
kind, calls, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
together = int(sys.argv[4]) if len(sys.argv) > 4 else 0
name = '%s/%d' % (folder, os.getpid())
other = name + '.other'
library = os.__file__


def refused():
    try:
        os.open('/pyjail-bench', os.O_WRONLY | os.O_CREAT)
    except OSError:
        pass


def read():
    os.close(os.open(library, os.O_RDONLY))


def write():
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT))


def rename():
    global name, other
    os.rename(name, other)
    name, other = other, name


def mkdir():
    os.mkdir(other)
    os.rmdir(other)


def measure(work, calls, prepare=lambda: None):
    best = None
    for _ in range(PARTS):
        prepare()
        start = time.perf_counter_ns()
        for _ in range(calls // PARTS):
            work()
        took = (time.perf_counter_ns() - start) / (calls // PARTS)
        best = took if best is None or took < best else best
    return best


def measure_unlink(calls):
    names = []

    def prepare():
        names.extend('%s.%d' % (name, i) for i in range(calls // PARTS))
        for n in names:
            os.close(os.open(n, os.O_WRONLY | os.O_CREAT))

    return measure(lambda: os.unlink(names.pop()), calls, prepare)


def once():
    if kind == 'rename':
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT))
    if kind == 'unlink':
        took = measure_unlink(calls)
    else:
        measure(globals()[kind], 200)
        took = measure(globals()[kind], calls)
    print('%.1f' % (took / 2 if kind == 'mkdir' else took))
    if kind in ('rename', 'write'):
        os.unlink(name)


def many():
    """All at once for a time."""
    children = []
    for _ in range(together):
        pid = os.fork()
        if pid == 0:
            work, done, end = globals()[kind], 0, time.monotonic() + calls
            while time.monotonic() < end:
                for _ in range(20):
                    work()
                done += 20
            os.write(1, b'%d\n' % done)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


many() if together else once()
