# SPDX-License-Identifier: Apache-2.0
"""compare.py EXPECTED root|user MODE BARE JAILED: two outcome files of outcomes.py, side by side.

A line for each difference: "known TEST ..." when EXPECTED lists it, else "differs TEST ...".
"""
import fnmatch
import sys


def load(path):
    """{test: (outcome, reason)}; a file without an `end` line was cut short."""
    found = {}
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            outcome, name, _, reason = (line.rstrip("\n").split("\t") + ["", ""])[:4]
            if outcome == "start":
                found.setdefault(name, ("died", ""))
            else:
                found[name] = (outcome, reason)
    return found


def load_expected(path, user, mode):
    """Lines: users modes outcome pattern, then the reason in words."""
    rules = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split(maxsplit=4)
            if not words or words[0].startswith("#"):
                continue
            if user in words[0].split(",") and mode in words[1].split(","):
                rules.append((words[2].split(","), words[3]))
    return rules


def is_expected(rules, name, outcome):
    return any(outcome in outcomes and fnmatch.fnmatchcase(name, pattern)
               for outcomes, pattern in rules)


def differences(bare, jailed):
    absent = ("absent", "")
    for name in sorted(bare.keys() | jailed.keys()):
        before, after = bare.get(name, absent), jailed.get(name, absent)
        if before[0] != after[0]:
            yield name, before, after


def main():
    expected, user, mode, bare, jailed = sys.argv[1:]
    rules = load_expected(expected, user, mode)
    for name, before, after in differences(load(bare), load(jailed)):
        word = "known" if is_expected(rules, name, after[0]) else "differs"
        print(f"{word} {name} : {before[0]} bare, {after[0]} in the jail: {after[1] or before[1]}")


if __name__ == "__main__":
    main()
