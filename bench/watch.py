# SPDX-License-Identifier: Apache-2.0
"""What --watch costs a call, in microseconds.

    watch.py PYJAIL [PYTHON] [--rounds=N]

Each round times the same calls below pyjail with --watch=policy, files and all, without and with a
record, on one CPU.  Medians over the rounds, and of the differences within a round.
"""
import os
import statistics
import subprocess
import sys

CALLS = 5000
KINDS = ('stat', 'missing', 'read', 'getppid', 'refused')

CODE = '''
import os, time
def refused():
    try: os.unlink('/etc/passwd')
    except PermissionError: pass
def missing():
    try: os.stat('/etc/nothing/here')
    except OSError: pass
zero = os.open('/dev/zero', os.O_RDONLY)
kinds = (lambda: os.stat('/etc/passwd'), missing, lambda: os.read(zero, 1), os.getppid, refused)
for call in kinds:
    start = time.perf_counter()
    for i in range(%d): call()
    print((time.perf_counter() - start) / %d * 1e6)
''' % (CALLS, CALLS)


def run(command):
    done = subprocess.run(['taskset', '-c', '0'] + command + ['-c', CODE], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit('watch: %s: exit status %d' % (' '.join(command), done.returncode))
    return [float(line) for line in done.stdout.split()]


def main():
    words = [w for w in sys.argv[1:] if not w.startswith('--')]
    options = [w for w in sys.argv[1:] if w.startswith('--')]
    rounds = int(next((o.split('=')[1] for o in options if o.startswith('--rounds=')), '5'))
    jail = [words[0], '--quiet',
            '--python=' + (words[1] if len(words) > 1 else '/usr/bin/python3')]
    ways = {}
    for suffix, more in (('', []), (' recorded', ['--record=/dev/null'])):
        for watch in ('policy', 'files', 'all'):
            ways[watch + suffix] = jail + more + ['--watch=' + watch]
    taken = {name: [] for name in ways}
    for n in range(rounds):
        print('\rround %d of %d ' % (n + 1, rounds), end='', file=sys.stderr, flush=True)
        for name, command in ways.items():
            taken[name].append(run(command))
    print('\r' + ' ' * 20 + '\r', end='', file=sys.stderr)
    print('us a call, %d rounds of %d; in brackets what the watch adds' % (rounds, CALLS))
    print('  %-16s' % '' + ''.join('%18s' % kind for kind in KINDS))
    for name, values in taken.items():
        base = taken[name.replace('files', 'policy').replace('all', 'policy')]
        print('  %-16s' % name + ''.join('%8.2f (%+7.2f)' % (
            statistics.median(v[k] for v in values),
            statistics.median(v[k] - b[k] for v, b in zip(values, base)))
            for k in range(len(KINDS))))


main()
