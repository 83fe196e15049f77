# SPDX-License-Identifier: Apache-2.0
"""What --watch costs a call, in microseconds of processor time.

    watch.py PYJAIL [PYTHON] [--rounds=N]

Each round runs the same calls below pyjail with --watch=policy, files and all, without and with a
record, on one CPU: the time of script and tracer together, less that of a run without the calls.
Medians over the rounds.  Unlike the clock on the wall it hardly depends on who else is there.
"""
import os
import resource
import statistics
import subprocess
import sys

CALLS = 5000
KINDS = (
    ('nothing', 'pass'),
    ('stat', "os.stat('/etc/passwd')"),
    ('missing', "missing()"),
    ('read', "os.read(zero, 1)"),
    ('getppid', "os.getppid()"),
    ('refused', "refused()"),
)

CODE = '''
import os
def missing():
    try: os.stat('/etc/nothing/here')
    except OSError: pass
def refused():
    try: os.unlink('/etc/passwd')
    except PermissionError: pass
zero = os.open('/dev/zero', os.O_RDONLY)
for i in range(%d): %s
'''


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command, kind):
    before = used()
    done = subprocess.run(['taskset', '-c', '0'] + command + ['-c', CODE % (CALLS, kind)],
                          stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit('watch: %s: exit status %d' % (' '.join(command), done.returncode))
    return (used() - before) / CALLS * 1e6


def main():
    words = [w for w in sys.argv[1:] if not w.startswith('--')]
    options = [w for w in sys.argv[1:] if w.startswith('--')]
    rounds = int(next((o.split('=')[1] for o in options if o.startswith('--rounds=')), '5'))
    jail = [words[0], '--quiet',
            '--python=' + (words[1] if len(words) > 1 else '/usr/bin/python3')]
    ways = {watch + suffix: jail + more + ['--watch=' + watch]
            for suffix, more in (('', []), (' recorded', ['--record=/dev/null']))
            for watch in ('policy', 'files', 'all')}
    taken = {(name, kind): [] for name in ways for kind, _ in KINDS}
    for n in range(rounds):
        print('\rround %d of %d ' % (n + 1, rounds), end='', file=sys.stderr, flush=True)
        for name, command in ways.items():
            for kind, code in KINDS:
                taken[name, kind].append(run(command, code))
    print('\r' + ' ' * 20 + '\r', end='', file=sys.stderr)
    print('us a call, %d rounds of %d calls' % (rounds, CALLS))
    print('  %-16s' % '' + ''.join('%10s' % kind for kind, _ in KINDS[1:]))
    for name in ways:
        print('  %-16s' % name + ''.join('%10.2f' % statistics.median(
            a - b for a, b in zip(taken[name, kind], taken[name, 'nothing']))
            for kind, _ in KINDS[1:]))


main()
