# SPDX-License-Identifier: Apache-2.0
"""outcomes.py FILE MODULE [TEST...]: runs one of CPython's own test modules and writes what became
of each test method to FILE, a line each: outcome, test, seconds, last line of the reason, between tabs.

FILE is written as the tests run, so a crash or a hang costs one test: its `start` line stays alone,
and another run with the same FILE goes on after it. TEST names are the ids of a former run.
"""
import faulthandler
import os
import sys
import time
import traceback
import unittest
import warnings

from test import support
from test.support import os_helper

HANG_S = float(os.environ.get("OUTCOMES_HANG_S", "240"))


def seen_before(path):
    """Tests that a former run started; the one it never ended is given its outcome."""
    started, ended = [], set()
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                outcome, name = line.rstrip("\n").split("\t")[:2]
                started.append(name) if outcome == "start" else ended.add(name)
    except FileNotFoundError:
        pass
    return set(started) | ended, [name for name in started if name not in ended]


class Outcomes(unittest.TestResult):
    """One line for each method; a failed subtest fails its method."""

    def __init__(self, fd):
        super().__init__()
        self.fd = fd
        self.worst = {}
        self.started = 0.0

    def say(self, outcome, name, reason=""):
        reason = reason.strip().splitlines()[-1] if reason.strip() else ""
        seconds = time.monotonic() - self.started
        text = f"{outcome}\t{name}\t{seconds:.2f}\t{reason[:300]}\n"
        os.write(self.fd, text.encode("utf-8", "backslashreplace"))

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        self.say("start", test.id())

    def stopTest(self, test):
        super().stopTest(test)
        faulthandler.cancel_dump_traceback_later()
        self.say(*self.worst.pop(test.id(), ("ok", test.id())))

    def note(self, outcome, test, reason):
        name = test.id()
        if outcome in ("fail", "error"):
            print(f"---- {outcome} {name}\n{reason}", flush=True)
        if not isinstance(test, unittest.TestCase):     # setUpClass, setUpModule
            self.say(outcome, name, reason)
        elif self.worst.get(name, ("skip",))[0] not in ("fail", "error"):
            self.worst[name] = (outcome, name, reason)

    def addError(self, test, err):
        self.note("error", test, "".join(traceback.format_exception(*err)))

    def addFailure(self, test, err):
        self.note("fail", test, "".join(traceback.format_exception(*err)))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note("fail", test, f"{subtest}\n" + "".join(traceback.format_exception(*err)))

    def addSkip(self, test, reason):
        self.note("skip", getattr(test, "test_case", test), reason)

    def addExpectedFailure(self, test, err):
        self.note("xfail", test, "")

    def addUnexpectedSuccess(self, test):
        self.note("xpass", test, "")


def flatten(suite):
    """Methods in their order; what stays of a suite is the grouping by class, which setUpClass needs."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def choose(module, done, only):
    """What regrtest runs too: the module's own load_tests chooses. Nobody else may keep these tests:
    a suite lets go of each when it has run, and with it of all that the test made."""
    tests = unittest.TestLoader().loadTestsFromName(f"test.{module}")
    return unittest.TestSuite(test for test in flatten(tests)
                              if test.id() not in done and (not only or test.id() in only))


def main():
    path, module, only = os.path.abspath(sys.argv[1]), sys.argv[2], set(sys.argv[3:])
    done, cut_short = seen_before(path)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    result = Outcomes(fd)
    for name in cut_short:
        result.say("died", name)
    faulthandler.enable(all_threads=True)
    support.verbose = True
    support.use_resources = ["cpu", "subprocess", "walltime"]
    support.record_original_stdout(sys.stdout)
    sys.unraisablehook = lambda unraisable: None
    with os_helper.temp_cwd(f"outcomes_{os.getpid()}"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        choose(module, done, only).run(result)
    result.say("end", module)


if __name__ == "__main__":
    main()
