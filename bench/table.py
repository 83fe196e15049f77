# SPDX-License-Identifier: Apache-2.0
"""One table of what pyjail costs, beside the least that a tracer can do and beside other tools.

    table.py PYJAIL FLOOR [PYTHON] [--rounds=N] [--check]

In each round every way runs once, one after the other, so that what else the machine does meets all
of them.  Times are the least over the rounds: noise only adds.  Ratios are of such times.  What each
number means, and what limits it: docs/SPEED.md.  With --check the exit status is 1 when a bar is not
met.
"""
import io
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = '4000'
IMPORTS = ('import json,re,asyncio,http.client,email,decimal,xml.dom.minidom,unittest,'
           'logging.handlers,argparse,csv,sqlite3,ssl,multiprocessing,concurrent.futures')
COMPUTE = ('import threading,hashlib\n'
           'def f():\n'
           '    for i in range(200): hashlib.sha256(b"x" * 1000000).digest()\n'
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
        'runsc': ['runsc', '--rootless', '--ignore-cgroups', '--network=none', '--platform=ptrace',
                  'do'],
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
    """Seconds that pyjail adds to an empty run."""
    print('\nStart and end, ms more than bare (wall clock)')
    row('', ['bare', 'floor', 'pyjail', *tools])
    for name, code in (('python3 -c pass', 'pass'), ('15 stdlib imports', IMPORTS)):
        ways = {'bare': [PYTHON], 'floor': [FLOOR, 'notify', PYTHON], 'pyjail': jail(folder),
                **{t: way + [PYTHON] for t, way in tools.items()}}
        took = rounds(ways, lambda way, code=code: seconds(way + ['-c', code])[0] * 1000, 4)
        bare = took['bare']
        if code == 'pass':
            added = (took['pyjail'] - bare) / 1000
        bar = (judge(name, took['pyjail'] - bare, 1.0) if code == 'pass'
               else judge(name, took['pyjail'] / bare, 1.05))
        row(name, ['%.2f' % bare] + ['%+.2f' % (took[w] - bare) for w in list(ways)[1:]], bar)
        if code == 'pass' and 'bwrap' in took:
            third = (took['pyjail'] - bare) / (took['bwrap'] - bare)
            row('  of what bwrap adds', [], judge('bwrap', third, 0.34))
    return added


def place_of(way, folder):
    """runsc has a /dev/shm of its own, and keeps what is written below / to itself."""
    return '/tmp' if 'runsc' in way else folder


KINDS = (('refused', 'stop', 2.0), ('read', 'notify', 1.6), ('write', 'bridge', 1.2),
         ('unlink', None, 2.5), ('rename', None, 2.5), ('mkdir', None, 2.5))


def calls(folder, tools):
    print('\nOne call, us, all on one CPU (mkdir: with its rmdir, halved)')
    row('', ['bare', 'floor', 'pyjail', 'unpinned', *tools])
    one_stop = None
    for kind, floor, bar in KINDS:
        script = [os.path.join(HERE, 'calls.py'), kind, CALLS]
        ways = {'bare': pinned([PYTHON]), 'pyjail': pinned(jail(folder)), 'unpinned': jail(folder)}
        if floor:
            ways['floor'] = pinned([FLOOR, floor, PYTHON])
        ways.update({t: pinned(way + [PYTHON]) for t, way in tools.items()})
        took = rounds(ways, lambda way, script=script: float(
            seconds(way + script + [place_of(way, folder)])[1]) / 1000)
        if kind == 'refused':
            one_stop = took['floor'] - took['bare']
        value = (took['pyjail'] / took['floor'] if floor
                 else (took['pyjail'] - took['bare']) / one_stop)
        row(kind, ['%.2f' % took[w] if w in took else '-'
                   for w in ('bare', 'floor', 'pyjail', 'unpinned', *tools)],
            judge(kind, value, bar) + ('' if floor else '  (stops over bare)'))
        row('  unpinned / pinned', [], judge(kind + ' unpinned', took['unpinned'] / took['pyjail'],
                                             1.3))


def as_user(folder):
    """What goes before a command of an ordinary user, and a pyjail and a calls.py it can reach."""
    place = os.path.join(folder, 'reach')
    os.mkdir(place)
    pyjail, script = shutil.copy(PYJAIL, place), shutil.copy(os.path.join(HERE, 'calls.py'), place)
    before = []
    if os.geteuid() == 0:
        os.chmod(folder, 0o711)
        before = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    return before, pyjail, script


def unstopped(folder):
    """Reads that a bare --allow-read lets pass.  Not root's, which are all looked at."""
    print('\nA read of an ordinary user with a bare --allow-read, not stopped, of bare, on one CPU')
    row('', ['bare', 'pyjail'])
    before, pyjail, script = as_user(folder)
    jailed = [pyjail, '--quiet', '--python=' + PYTHON, '--allow-read']
    work = [script, 'read', CALLS, folder]
    ratios = paired(pinned(before + [PYTHON] + work), pinned(before + jailed + work), 3 * ROUNDS)
    row('read', ['1', '%.3f' % statistics.mean(ratios)],
        judge('allow-read', lower_bound(ratios), 1.1) + '  (ratio; lower bound)')


def lower_bound(ratios):
    """Of the mean, 95 %: for ratios too near to 1 to be told from noise by a few runs."""
    mean = statistics.mean(ratios)
    return mean - 1.96 * statistics.stdev(ratios) / len(ratios) ** 0.5


def paired(bare, jailed, times):
    """Ratios of what the script itself measures, of pairs of runs one after the other."""
    ratios = []
    for i in range(times):
        took = {}
        for way in ('bare', 'jailed') if i % 2 else ('jailed', 'bare'):
            took[way] = float(seconds(bare if way == 'bare' else jailed)[1])
        ratios.append(took['jailed'] / took['bare'])
    return ratios


def has_module(name):
    return subprocess.run([PYTHON, '-c', 'import ' + name], capture_output=True,
                          check=False).returncode == 0


def make_archive(folder):
    path = os.path.join(folder, 'many.tar')
    with tarfile.open(path, 'w') as tar:
        for i in range(5000):
            info = tarfile.TarInfo('many/%d/%d' % (i % 50, i))
            info.size = 512
            tar.addfile(info, io.BytesIO(b'x' * 512))
    return path


def copy_of_packages(place):
    library = subprocess.run([PYTHON, '-c', 'import os; print(os.path.dirname(os.__file__))'],
                             capture_output=True, check=True).stdout.decode().strip()
    for name in ('json', 'asyncio', 'email', 'http', 'xml', 'logging', 'unittest', 'concurrent',
                 'multiprocessing', 'importlib'):
        shutil.copytree(os.path.join(library, name), os.path.join(place, name),
                        ignore=shutil.ignore_patterns('__pycache__'))
    return place


def programs(folder, tools):
    """Whole programs, milliseconds.  Each gets a fresh place, which runsc would not see."""
    print('\nWhole programs, ms (wall clock)')
    row('', ['bare', 'pyjail', *(t for t in tools if t != 'runsc')])
    places = iter(os.path.join(folder, 'place%d' % i) for i in range(1000))
    tar = make_archive(folder)
    kinds = [
        ('compileall, 10 packages', 1.3, 3, lambda place: [
            '-m', 'compileall', '-q', '-f', copy_of_packages(place)]),
        ('untar 5,000 files', 2.5, 3, lambda place: [
            '-c', 'import tarfile; tarfile.open(%r).extractall(%r)' % (tar, place)]),
    ]
    if has_module('numpy') and has_module('pandas'):
        kinds.insert(0, ('import numpy, pandas', 1.05, ROUNDS,
                         lambda place: ['-c', 'import numpy, pandas']))
    else:
        print('skip: no numpy and pandas for %s' % PYTHON)
    for name, bar, times, words_of in kinds:
        ways = {'bare': [PYTHON], 'pyjail': jail(folder, '--allow-read=' + folder),
                **{t: way + [PYTHON] for t, way in tools.items() if t != 'runsc'}}
        taken = {way: [] for way in ways}
        for _ in range(times):
            for way, command in ways.items():
                command_words = words_of(next(places))
                taken[way].append(1000 * seconds(command + command_words)[0])
        took = {way: min(values) for way, values in taken.items()}
        row(name, ['%.0f' % took[w] for w in ways], judge(name, took['pyjail'] / took['bare'], bar))


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


def computing(folder, start):
    took = rounds({'bare': [PYTHON], 'pyjail': jail(folder)},
                  lambda way: seconds(way + ['-c', COMPUTE])[0])
    print('\nTwo computing threads, ms, the start included')
    row('', ['bare', 'pyjail'])
    row('sha256', ['%.0f' % (1000 * took[w]) for w in took],
        judge('computing', (took['pyjail'] - start) / took['bare'], 1.01) + '  (without the start)')


def multiplying(folder):
    print('\nnumpy, matrix products by threads, without the start')
    code = ('import numpy, time\n'
            'a = numpy.ones((1200, 1200)); a @ a\n'
            'start = time.perf_counter()\n'
            'for i in range(10): a @ a\n'
            'print(time.perf_counter() - start)')
    if not has_module('numpy'):
        print('skip: no numpy for %s' % PYTHON)
        return
    ratios = paired([PYTHON, '-c', code], jail(folder) + ['-c', code], 15)
    row('pyjail / bare', ['%.3f' % statistics.mean(ratios)],
        judge('numpy', lower_bound(ratios), 1.01) + '  (lower bound)')


def resident(pid, key):
    with open('/proc/%d/status' % pid, encoding='ascii') as status:
        return int(next(l for l in status if l.startswith(key)).split()[1])


def flat(folder):
    """Does the tracer grow with the number of calls?"""
    script = ('import os, sys\n'
              'def some(n):\n'
              '    for i in range(n // 2):\n'
              '        try: os.open("/etc/x%d" % i, os.O_WRONLY | os.O_CREAT)\n'
              '        except OSError: pass\n'
              '        os.close(os.open(os.__file__, os.O_RDONLY))\n'
              '    print(flush=True); sys.stdin.readline()\n'
              'some(100000); some(900000)\n')
    run = subprocess.Popen(jail(folder) + ['-c', script], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    sizes = []
    for _ in range(2):
        run.stdout.readline()
        sizes.append(resident(run.pid, 'VmRSS'))
        run.stdin.write(b'\n')
        run.stdin.flush()
    run.wait()
    print('\nMemory of the tracer, MiB, after 100,000 calls and after 1,000,000')
    row('resident', ['%.2f' % (size / 1024) for size in sizes],
        judge('growth', (sizes[1] - sizes[0]) / 1024, 0.1) + '  (growth)')


def memory(folder):
    script = ('import os, sys\n'
              'for i in range(300):\n'
              '    try: os.open("/etc/x%d" % i, os.O_WRONLY | os.O_CREAT)\n'
              '    except OSError: pass\n'
              'print(flush=True); sys.stdin.readline()')
    run = subprocess.Popen([PYJAIL, '--python=' + PYTHON, '-c', script], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    run.stdout.readline()
    kib = resident(run.pid, 'VmHWM')
    run.communicate(b'\n')
    print('\nMemory of the tracer, MiB at most, with 300 refusals and their tracebacks')
    row('resident', ['%.1f' % (kib / 1024)], judge('memory', kib / 1024, 6.0))


def main():
    shared = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='pyjail-bench.', dir=shared) as folder:
        tools = others(folder)
        print('%s, %d CPUs, Linux %s, %d rounds' % (PYTHON, len(os.sched_getaffinity(0)),
                                                   os.uname().release, ROUNDS))
        start = starts(folder, tools)
        calls(folder, tools)
        unstopped(folder)
        programs(folder, tools)
        together(folder)
        computing(folder, start)
        multiplying(folder)
        memory(folder)
        flat(folder)
    print('\nMissed: ' + ', '.join(missed) if missed else '\nEvery bar is met.')
    return 1 if missed and 'check' in options else 0


sys.exit(main())
