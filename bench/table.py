# SPDX-License-Identifier: Apache-2.0
"""One table of what pyjail costs, beside the least that a tracer can do and beside other tools.

    table.py PYJAIL FLOOR [PYTHON] [--rounds=N] [--check]

In each round every way runs once, one after the other, so that what else the machine does meets all
of them.  Times are the least over the rounds: noise only adds.  Ratios are of such times.  What each
number means, and what limits it: docs/SPEED.md.  With --check the exit status is 1 when a bar is not
met.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = '4000'
IMPORTS = ('import json,re,asyncio,http.client,email,decimal,xml.dom.minidom,unittest,'
           'logging.handlers,argparse,csv,sqlite3,ssl,multiprocessing,concurrent.futures')
COMPUTE = ('import threading,hashlib\n'
           'def f():\n'
           '    for i in range(40): hashlib.sha256(b"x" * 1000000).digest()\n'
           'all = [threading.Thread(target=f) for i in range(2)]\n'
           'for t in all: t.start()\n'
           'for t in all: t.join()')

words = [w for w in sys.argv[1:] if not w.startswith('--')]
options = dict(w[2:].partition('=')[::2] for w in sys.argv[1:] if w.startswith('--'))
PYJAIL, FLOOR = os.path.abspath(words[0]), os.path.abspath(words[1])
PYTHON = words[2] if len(words) > 2 else '/usr/bin/python3'
ROUNDS = int(options.get('rounds', 9))
CPU = str(min(os.sched_getaffinity(0)))
missed = []


def pinned(command):
    return ['taskset', '-c', CPU] + command


def others(folder):
    """Name, and what goes before the interpreter."""
    ways = {
        'strace': ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=%file', '-o', '/dev/null'],
        'bwrap': ['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc',
                  '--bind', folder, folder, '--unshare-all'],
        'proot': ['proot', '-r', '/'],
    }
    for name in list(ways):
        probe = ways[name] + ['/bin/true']
        if not shutil.which(name):
            print('skip: %s is not installed: its column is empty' % name)
            del ways[name]
        elif subprocess.run(probe, capture_output=True, check=False).returncode != 0:
            print('skip: %s cannot run here: its column is empty' % name)
            del ways[name]
    return ways


def jail(folder, *more):
    return [PYJAIL, '--quiet', '--stack=off', '--python=' + PYTHON, '--allow-write=' + folder, *more]


def seconds(command):
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit('table: %s: exit status %d: %s' % (' '.join(command), done.returncode,
                                                   done.stderr.decode()[-300:]))
    return took, done.stdout.decode()


def rounds(ways, measure, times=1):
    """The least of each way."""
    taken = {name: [] for name in ways}
    for _ in range(ROUNDS * times):
        for name, command in ways.items():
            taken[name].append(measure(command))
    return {name: min(values) for name, values in taken.items()}


def row(name, cells, bar=''):
    print('  %-26s' % name + ''.join('%10s' % c for c in cells) + '   ' + bar)


def judge(name, value, bar):
    """Words for a bar: "1.53, at most 1.6"."""
    if value > bar:
        missed.append(name)
    return '%.2f of at most %.2f%s' % (value, bar, '' if value <= bar else '  MISSED')


def starts(folder, tools):
    print('\nStart and end, ms more than bare (wall clock)')
    row('', ['bare', 'floor', 'pyjail', *tools])
    for name, code in (('python3 -c pass', 'pass'), ('15 stdlib imports', IMPORTS)):
        ways = {'bare': [PYTHON], 'floor': [FLOOR, 'notify', PYTHON], 'pyjail': jail(folder),
                **{t: way + [PYTHON] for t, way in tools.items()}}
        took = rounds(ways, lambda way, code=code: seconds(way + ['-c', code])[0] * 1000, 3)
        bare = took['bare']
        bar = (judge(name, took['pyjail'] - bare, 1.0) if code == 'pass'
               else judge(name, took['pyjail'] / bare, 1.05))
        row(name, ['%.2f' % bare] + ['%+.2f' % (took[w] - bare) for w in list(ways)[1:]], bar)
        if code == 'pass' and 'bwrap' in took:
            third = (took['pyjail'] - bare) / (took['bwrap'] - bare)
            row('  of what bwrap adds', [], judge('bwrap', third, 0.34))


KINDS = (('refused', 'stop', 2.0), ('read', 'notify', 1.6), ('write', 'bridge', 1.2),
         ('unlink', None, 2.5), ('rename', None, 2.5), ('mkdir', None, 2.5))


def calls(folder, tools):
    print('\nOne call, us, all on one CPU (mkdir: with its rmdir, halved)')
    row('', ['bare', 'floor', 'pyjail', 'unpinned', *tools])
    one_stop = None
    for kind, floor, bar in KINDS:
        script = [os.path.join(HERE, 'calls.py'), kind, CALLS, folder]
        ways = {'bare': pinned([PYTHON]), 'pyjail': pinned(jail(folder)), 'unpinned': jail(folder)}
        if floor:
            ways['floor'] = pinned([FLOOR, floor, PYTHON])
        ways.update({t: pinned(way + [PYTHON]) for t, way in tools.items()})
        took = rounds(ways, lambda way, script=script: float(seconds(way + script)[1]) / 1000)
        if kind == 'refused':
            one_stop = took['floor'] - took['bare']
        value = (took['pyjail'] / took['floor'] if floor
                 else (took['pyjail'] - took['bare']) / one_stop)
        row(kind, ['%.2f' % took[w] if w in took else '-'
                   for w in ('bare', 'floor', 'pyjail', 'unpinned', *tools)],
            judge(kind, value, bar) + ('' if floor else '  (stops over bare)'))
        row('  unpinned / pinned', [], judge(kind + ' unpinned', took['unpinned'] / took['pyjail'],
                                             1.3))


def together(folder):
    print('\nFour busy processes on all CPUs, calls a second')
    row('', ['one', 'four', 'fewest', 'most'])
    for kind in ('read', 'refused', 'write'):
        script = [os.path.join(HERE, 'calls.py'), kind, '1', folder]
        ones, fours = [], []
        for _ in range(3):
            ones += [int(n) for n in seconds(jail(folder) + script + ['1'])[1].split()]
            fours.append([int(n) for n in seconds(jail(folder) + script + ['4'])[1].split()])
        four = max(fours, key=sum)
        row(kind, [max(ones), sum(four), min(four), max(four)],
            judge(kind + ' together', 0.9 * max(ones) / sum(four), 1.0) + '  (0.9 one / four)')


def computing(folder):
    took = rounds({'bare': [PYTHON], 'pyjail': jail(folder)},
                  lambda way: seconds(way + ['-c', COMPUTE])[0])
    print('\nTwo computing threads, ms, the start included')
    row('', ['bare', 'pyjail'])
    row('sha256', ['%.0f' % (1000 * took[w]) for w in took],
        judge('computing', (took['pyjail'] - 0.005) / took['bare'], 1.01) + '  (without the start)')


def memory(folder):
    script = ('import os, sys\n'
              'for i in range(300):\n'
              '    try: os.open("/etc/x%d" % i, os.O_WRONLY | os.O_CREAT)\n'
              '    except OSError: pass\n'
              'print(flush=True); sys.stdin.readline()')
    run = subprocess.Popen([PYJAIL, '--python=' + PYTHON, '-c', script], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    run.stdout.readline()
    with open('/proc/%d/status' % run.pid, encoding='ascii') as status:
        kib = int(next(l for l in status if l.startswith('VmHWM')).split()[1])
    run.communicate(b'\n')
    print('\nMemory of the tracer, MiB at most, with 300 refusals and their tracebacks')
    row('resident', ['%.1f' % (kib / 1024)], judge('memory', kib / 1024, 6.0))


def main():
    shared = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='pyjail-bench.', dir=shared) as folder:
        tools = others(folder)
        print('%s, %d CPUs, Linux %s, %d rounds' % (PYTHON, len(os.sched_getaffinity(0)),
                                                   os.uname().release, ROUNDS))
        starts(folder, tools)
        calls(folder, tools)
        together(folder)
        computing(folder)
        memory(folder)
    print('\nMissed: ' + ', '.join(missed) if missed else '\nEvery bar is met.')
    return 1 if missed and 'check' in options else 0


sys.exit(main())
