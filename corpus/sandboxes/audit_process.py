# SPDX-License-Identifier: Apache-2.0
"""The audit hook of audit.py in a child interpreter: the host's own lock and memory are elsewhere."""
import os
import subprocess
import sys

import harness

CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'audit.py')


def in_child(*words):
    return subprocess.run([sys.executable, CHILD, *words]).returncode


if __name__ == '__main__':
    script = '--honest' if '--honest' in sys.argv else sys.argv[-1]
    status = in_child(script)
    # A signal too: it ended the child, and the host goes on.
    sys.exit(status if status >= 0 else harness.REFUSED)
