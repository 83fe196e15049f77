# SPDX-License-Identifier: Apache-2.0
# tries: write a file of our own text as the line editor's history (P23, P42)
# proof: changed
# expect: openat write deny EACCES @CANARY@/history
# for: audit
#
# libreadline writes its history with calls of its own.  Until 3.12.3 the module told no hook.

import sys

try:
    import readline
except ImportError:
    sys.stderr.write('skip: no readline module\n')
    sys.exit(77)

readline.add_history('PWNED')
try:
    readline.write_history_file('@CANARY@/history')
except OSError as e:
    print(e)
