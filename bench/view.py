# SPDX-License-Identifier: Apache-2.0
"""What the view of a scratch layer costs: the same calls with --allow-write and with --scratch.

    view.py PYJAIL [PYTHON] [--rounds=N] [--check]

Each round runs both, one after the other, on one CPU; the least of each counts (bench/table.py).  A
file that the script has not touched is the real one behind the view, one that it has written lies in
the layer.  With --check the exit status is 1 when a bar of docs/SPEED.md is not met.
"""
import os
import subprocess
import sys
import tempfile

ENTRIES = 10000
CALLS = 2000

words = [w for w in sys.argv[1:] if not w.startswith('--')]
options = dict(w[2:].partition('=')[::2] for w in sys.argv[1:] if w.startswith('--'))
PYJAIL = os.path.abspath(words[0])
PYTHON = words[1] if len(words) > 1 else '/usr/bin/python3'
ROUNDS = int(options.get('rounds', 7))
CPU = str(min(os.sched_getaffinity(0)))
missed = []

SCRIPT = '''
import os, sys, time
kind, folder = sys.argv[1:]
real, own, many = (os.path.join(folder, name) for name in ('real', 'own', 'many'))
def open_close(path, flags): os.close(os.open(path, flags))
kinds = {
    'read': lambda: open_close(real, os.O_RDONLY),
    'read own': lambda: open_close(own, os.O_RDONLY),
    'write own': lambda: open_close(own, os.O_WRONLY),
    'stat': lambda: os.stat(real),
    'list': lambda: os.listdir(many),
}
def best(work, parts, calls):
    least = None
    for _ in range(parts):
        start = time.perf_counter_ns()
        for _ in range(calls): work()
        took = (time.perf_counter_ns() - start) / calls
        least = took if least is None or took < least else least
    return least
def first():
    start = time.perf_counter_ns()
    assert len(os.listdir(many)) == %d
    return time.perf_counter_ns() - start
with open(own, 'w') as f: f.write('own')
if kind == 'list first': print(first())
elif kind == 'list': first(); print(best(kinds[kind], 10, 1))
else: best(kinds[kind], 1, 200); print(best(kinds[kind], 20, %d))
''' % (ENTRIES, CALLS // 20)

# Kind, words, how many times the plain one it may be (None: told, no bar).
ROWS = (
    ('read', 'read a real file', 1.5),
    ('read own', 'read a file of its own', 1.5),
    ('write own', 'write a file of its own', 1.5),
    ('stat', 'stat a real file', None),
    ('list first', 'list %d entries, first' % ENTRIES, 2.0),
    ('list', 'list them again', 2.0),
)


def measure(way, kind, script, folder):
    command = ['taskset', '-c', CPU, PYJAIL, '--quiet', '--stack=off', '--python=' + PYTHON,
               '--allow-read=' + folder, *way, script, kind, folder]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit('view: %s: %s' % (' '.join(command), done.stderr.decode()[-300:]))
    return float(done.stdout) / 1000


def row(kind, words, bar, script, folder):
    ways = {'plain': ['--allow-write=' + folder], 'view': ['--scratch']}
    taken = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(measure(way, kind, script, folder))
    plain, view = min(taken['plain']), min(taken['view'])
    told = '%.2f' % (view / plain)
    if bar:
        told += ' of at most %.2f' % bar
        if view > bar * plain:
            told += '  MISSED'
            missed.append(words)
    print('  %-28s%10.1f%10.1f   %s' % (words, plain, view, told))


def main():
    shared = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='pyjail-bench.', dir=shared) as place:
        folder = os.path.join(place, 'folder')
        script = os.path.join(place, 's.py')
        os.makedirs(os.path.join(folder, 'many'))
        for i in range(ENTRIES):
            os.close(os.open('%s/many/%d' % (folder, i), os.O_WRONLY | os.O_CREAT))
        for name, text in ((script, SCRIPT), (os.path.join(folder, 'real'), 'real')):
            with open(name, 'w', encoding='ascii') as f:
                f.write(text)
        print('\nIn the view of a layer, us, all on one CPU')
        print('  %-28s%10s%10s' % ('', 'plain', 'view'))
        for kind, words_, bar in ROWS:
            row(kind, words_, bar, script, folder)
    print('\nMissed: ' + ', '.join(missed) if missed else '\nEvery bar is met.')
    return 1 if missed and 'check' in options else 0


sys.exit(main())
