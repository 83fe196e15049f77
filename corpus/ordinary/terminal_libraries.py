# SPDX-License-Identifier: Apache-2.0
# tries: load the line editor and curses, and look a terminal up in its database

import sys

try:
    import curses
    import readline
    import rlcompleter
except ImportError as e:
    sys.stderr.write(f'skip: {e}\n')
    sys.exit(77)

readline.parse_and_bind('tab: complete')
readline.set_completer(rlcompleter.Completer().complete)
readline.add_history('print(1)')
assert readline.get_current_history_length() == 1
assert rlcompleter.Completer({'number': 1}).complete('numb', 0) == 'number'

curses.setupterm('xterm', 1)
assert curses.tigetstr('cup')
print(curses.tigetnum('colors'))
