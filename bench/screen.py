#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the live screen costs a script: calls with --tui against calls without, at the same --watch.

    screen.py PYJAIL [PYTHON] [--pairs=N] [--check]

Paired runs on a terminal of 100x30 that is read as it comes, recorded to /dev/null in both, so that the
same is looked up for each event.  What is compared is the processor time that the tracer takes for
a call, and the script: it is what the machine does, whoever else is busy on it; the screen's own
process is told by itself.  With --check the exit status is 1 when a bar is not met.
"""
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time

CALLS = 20000
MOST_RATIO, MOST_MIB = 1.10, 16.0
TICK = 1e6 / os.sysconf('SC_CLK_TCK')
SCRIPT = """
import os, sys, time
def refused(n):
    for _ in range(n):
        try:
            os.open("/etc/not-ours", os.O_WRONLY | os.O_CREAT)
        except OSError:
            pass
def checked(n):
    for _ in range(n):
        os.close(os.open("/etc/ld.so.cache", os.O_RDONLY))
{"refused": refused, "checked": checked}[sys.argv[1]](int(sys.argv[2]))
open(sys.argv[3], "w").close()
time.sleep(2)
"""


def stat(pid):
    """Its name, parent, and processor time in microseconds."""
    with open(f'/proc/{pid}/stat') as f:
        name, rest = f.read().split('(', 1)[1].rsplit(')', 1)
    fields = rest.split()
    return name, int(fields[1]), (int(fields[11]) + int(fields[12])) * TICK


def processes():
    for name in os.listdir('/proc'):
        try:
            if name.isdigit():
                yield (int(name), *stat(name))
        except (OSError, IndexError):
            pass


def below(top):
    """top itself and all that it started, the tracer among them."""
    every, found = list(processes()), {top}
    for _ in range(4):
        found |= {pid for pid, _, parent, _ in every if parent in found}
    return [(pid, name, used) for pid, name, _, used in every if pid in found]


def peak_mib(pid):
    with open(f'/proc/{pid}/status') as f:
        return int(f.read().split('VmHWM:')[1].split()[0]) / 1024


def look(top, has_screen):
    """Processor time of tracer and script, of the screen; the tracer's peak."""
    tree = below(top)
    screen = sum(used for pid, _, used in tree if has_screen and pid == top)
    tracers = [pid for pid, name, _ in tree
               if name.startswith('pyjail') and not (has_screen and pid == top)]
    rest = sum(used for pid, _, used in tree) - screen
    return rest, screen, max(map(peak_mib, tracers))


def run(argv, out):
    """On a terminal of its own; looked at once the script says that it is through."""
    has_screen = '--tui' in argv
    pid, master = pty.fork()
    if pid == 0:
        os.execv(argv[0], argv)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('4H', 30, 100, 0, 0))
    seen, quits = None, time.monotonic() + 60
    while True:
        if select.select([master], [], [], 0.05)[0]:
            try:
                if not os.read(master, 65536):
                    break
            except OSError:
                break
        if not seen and os.path.exists(out):
            time.sleep(0.3)
            seen = look(pid, has_screen)
        elif seen and time.monotonic() > quits:
            os.write(master, b'q')
            quits = time.monotonic() + 0.5
        elif seen and quits > time.monotonic() + 3:
            quits = time.monotonic() + 2.2
    os.waitpid(pid, 0)
    os.close(master)
    os.unlink(out)
    if not seen:
        sys.exit('screen: the script did not come to its end')
    return seen


def main():
    words = [w for w in sys.argv[1:] if not w.startswith('--')]
    options = [w for w in sys.argv[1:] if w.startswith('--')]
    pairs = int(next((o.split('=')[1] for o in options if o.startswith('--pairs=')), '5'))
    pyjail, python = os.path.abspath(words[0]), words[1] if len(words) > 1 else '/usr/bin/python3'
    folder = tempfile.mkdtemp(prefix='pyjail-bench.')
    script, out = os.path.join(folder, 's.py'), os.path.join(folder, 'out', 'over')
    os.mkdir(os.path.dirname(out))
    with open(script, 'w') as f:
        f.write(SCRIPT)
    common = [pyjail, f'--python={python}', '--watch=policy', '--quiet', '--record=/dev/null',
              f'--allow-write={os.path.dirname(out)}']
    is_met = True
    print(f'Calls with the live screen on, against none: processor time, medians of {pairs} pairs')
    for kind in ('refused', 'checked'):
        ratios, without, screens, peaks = [], [], [], []
        for _ in range(pairs):
            plain, _, _ = run([*common, script, kind, str(CALLS), out], out)
            shown, screen, peak = run([*common, '--tui', script, kind, str(CALLS), out], out)
            ratios.append(shown / plain)
            without.append(plain / CALLS)
            screens.append(screen / CALLS)
            peaks.append(peak)
        ratio = statistics.median(ratios)
        is_met = is_met and ratio <= MOST_RATIO and max(peaks) <= MOST_MIB
        print(f'  {kind:8} open  {ratio:.2f} times {statistics.median(without):.1f} us'
              f'  ({min(ratios):.2f} to {max(ratios):.2f}), bar {MOST_RATIO:.2f};'
              f'  the screen beside it {statistics.median(screens):.1f} us;'
              f'  tracer {max(peaks):.1f} MiB, bar {MOST_MIB:.0f}', flush=True)
    sys.exit(0 if is_met or '--check' not in options else 1)


main()
