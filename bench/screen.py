#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the live screen costs a script: calls with --tui against calls without, at the same --watch.

    bench/screen.py PYJAIL PYTHON

Paired runs, each on a terminal of 100x30 that is read as fast as it comes; the median of the ratios,
with its quartiles.  Also the tracer's peak of resident memory while the screen is on.
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

PAIRS = 9
CALLS = 6000
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
work = {"refused": refused, "checked": checked}[sys.argv[1]]
work(200)
begin = time.perf_counter()
work(int(sys.argv[2]))
with open(sys.argv[3], "w") as f:
    f.write(str((time.perf_counter() - begin) / int(sys.argv[2])))
"""


def peak_kib(pid):
    """Of the process and its children: the tracer is a child of the screen."""
    most = 0
    children = []
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            children = [int(n) for n in f.read().split()]
    except OSError:
        pass
    for child in children:
        try:
            with open(f"/proc/{child}/status") as f:
                text = f.read()
        except OSError:
            continue
        if "Name:\tpyjail" in text and "VmHWM:" in text:
            most = max(most, int(text.split("VmHWM:")[1].split()[0]))
    return most


def run(argv):
    """On a terminal of its own; q ends the screen once the script is over.  Returns the peak."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(argv[0], argv)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    peak, asked = 0, time.monotonic()
    while True:
        ready, _, _ = select.select([master], [], [], 0.05)
        peak = max(peak, peak_kib(pid))
        if ready:
            try:
                if not os.read(master, 65536):
                    break
            except OSError:
                break
        if "--tui" in argv and os.path.exists(argv[-1]) and time.monotonic() - asked > 0.4:
            asked = time.monotonic()
            os.write(master, b"q")
    os.waitpid(pid, 0)
    os.close(master)
    return peak


def seconds_a_call(pyjail, options, script, kind, out):
    if os.path.exists(out):
        os.unlink(out)
    peak = run([pyjail, *options, f"--allow-write={os.path.dirname(out)}", script, kind,
                str(CALLS), out])
    with open(out) as f:
        return float(f.read()), peak


def main():
    pyjail, python = os.path.abspath(sys.argv[1]), sys.argv[2]
    folder = tempfile.mkdtemp(prefix="pyjail-bench.")
    script, out = os.path.join(folder, "s.py"), os.path.join(folder, "out", "seconds")
    os.mkdir(os.path.dirname(out))
    with open(script, "w") as f:
        f.write(SCRIPT)
    common = [f"--python={python}", "--watch=policy", "--quiet"]
    print("calls with the live screen on, against none: ratio of paired runs")
    for kind in ("refused", "checked"):
        ratios, times, peaks = [], [], []
        for _ in range(PAIRS):
            without, _ = seconds_a_call(pyjail, common, script, kind, out)
            with_it, peak = seconds_a_call(pyjail, [*common, "--tui"], script, kind, out)
            ratios.append(with_it / without)
            times.append(without)
            peaks.append(peak)
        quartiles = statistics.quantiles(ratios, n=4)
        print(f"  {kind:8} open   {statistics.median(ratios):.2f}  ({quartiles[0]:.2f} to "
              f"{quartiles[2]:.2f})   {statistics.median(times) * 1e6:.1f} us a call without"
              f"   tracer at most {max(peaks) / 1024:.1f} MiB", flush=True)


main()
