# SPDX-License-Identifier: Apache-2.0
"""The published audit hook with a write lock (PEP 578): code given to exec() cannot write to disk.

The hook raises when a file is opened in any mode but 'r', or when an event belongs to subprocess, os,
shutil or winreg, as long as its module has a global WRITE_LOCK.  The code gets a namespace of its
own; what it imports was loaded before.  Afterwards the host lifts the lock, since the host may write.
"""
import os
import sys
import tempfile

import harness


def block_mischief(event, args):
    if 'WRITE_LOCK' in globals() and (
            (event == 'open' and args[1] != 'r')
            or event.split('.')[0] in ['subprocess', 'os', 'shutil', 'winreg']):
        raise OSError('file write forbidden')


def run(code, namespace=None):
    global WRITE_LOCK
    harness.preload(code)
    compiled = compile(code, 'untrusted', 'exec')
    sys.addaudithook(block_mischief)
    WRITE_LOCK = True
    try:
        exec(compiled, {'__name__': 'untrusted'} if namespace is None else namespace)
    finally:
        globals().pop('WRITE_LOCK', None)


HONEST = """
import json
with open('PATH') as f:
    words = sorted(json.load(f), key=len)
try:
    open('PATH', 'w')
except OSError:
    words.append('refused')
"""


def honest():
    namespace = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'words')
        with open(path, 'w') as f:
            f.write('["long word", "word"]')
        run(HONEST.replace('PATH', path), namespace)
        with open(path, 'a'):       # the lock is lifted
            pass
    return namespace['words'] == ['word', 'long word', 'refused']


if __name__ == '__main__':
    harness.main(run, honest)
