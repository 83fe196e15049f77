# SPDX-License-Identifier: Apache-2.0
"""What a traceback costs, in stops.

    stacks.py PYJAIL FLOOR [PYTHON] [--rounds=N] [--check]

Each round runs deep.py bare, below `floor stop`, and below pyjail with each --stack=DETAIL, all on
one CPU.  One stop is what floor adds to a bare call, in the same round.  Medians over the rounds.
With --check the exit status is 1 when a bar is not met.
"""
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES, CALLS = 20, 20000

# What is measured, what it is compared with, and how many stops it may add.
BARS = (('line', 'off', 1.1), ('python', 'off', 1.7), ('native', 'python', 3.0))
# A refused call with its traceback in the record, of what `floor stop` needs for the call.
WHOLE = 4.0


def run(command):
    command = ['taskset', '-c', '0'] + command + [os.path.join(HERE, 'deep.py'), str(FRAMES),
                                                   str(CALLS)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    try:
        return float(done.stdout)
    except ValueError:
        sys.exit('stacks: %s: exit status %d' % (' '.join(command), done.returncode))


def ways(pyjail, floor, python):
    jail = [pyjail, '--python=' + python]
    yield 'bare', [python]
    yield 'floor', [floor, 'stop', python]
    for detail in ('off', 'line', 'python', 'native'):
        yield detail, jail + ['--stack=' + detail]
    for detail in ('off', 'line', 'python', 'native'):
        yield detail + ' recorded', jail + ['--stack=' + detail, '--record=/dev/null']


def main():
    words = [w for w in sys.argv[1:] if not w.startswith('--')]
    options = [w for w in sys.argv[1:] if w.startswith('--')]
    rounds = int(next((o.split('=')[1] for o in options if o.startswith('--rounds=')), '7'))
    pyjail, floor = words[0], words[1]
    python = words[2] if len(words) > 2 else '/usr/bin/python3'
    taken = {name: [] for name, _ in ways(pyjail, floor, python)}
    for n in range(rounds):
        print('\rround %d of %d ' % (n + 1, rounds), end='', file=sys.stderr, flush=True)
        for name, command in ways(pyjail, floor, python):
            taken[name].append(run(command))
    print('\r' + ' ' * 20 + '\r', end='', file=sys.stderr)

    stops = [f - b for f, b in zip(taken['floor'], taken['bare'])]
    print('A refused open %d frames deep, %s, %d rounds of %d calls, medians' %
          (FRAMES, python, rounds, CALLS))
    print('  one stop: %.2f us' % (statistics.median(stops) / 1000))
    for name, values in taken.items():
        print('  %-16s %8.2f us' % (name, statistics.median(values) / 1000))
    bad = False
    for name, base, bar in BARS:
        for suffix in ('', ' recorded'):
            added = statistics.median((a - b) / s for a, b, s in
                                      zip(taken[name + suffix], taken[base + suffix], stops))
            bad |= added > bar and not suffix
            print('  %-16s adds %5.2f stops to %-16s (bar %.1f)' %
                  (name + suffix, added, base + suffix, bar))
    whole = statistics.median(
        a / f for a, f in zip(taken['python recorded'], taken['floor']))
    bad |= whole > WHOLE
    print('  %-16s is %5.2f of floor (bar %.1f)' % ('python recorded', whole, WHOLE))
    return 1 if bad and '--check' in options else 0


sys.exit(main())
