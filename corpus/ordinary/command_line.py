# SPDX-License-Identifier: Apache-2.0
# tries: read standard input and arguments, ask for the terminal's size, format help and errors
# stdin: 3 4\n5
#
# There is no terminal: its size comes from the environment or is 80 by 24.

import argparse
import fileinput
import shutil
import sys
import textwrap
import traceback

parser = argparse.ArgumentParser(prog='add', description='Add numbers.')
parser.add_argument('-n', type=int, default=3)
parser.add_argument('--verbose', action='store_true')
arguments = parser.parse_args(['-n', '4'])
assert (arguments.n, arguments.verbose) == (4, False)
assert 'Add numbers.' in parser.format_help()

numbers = [int(word) for line in fileinput.input(['-']) for word in line.split()]
assert numbers == [3, 4, 5]

columns = shutil.get_terminal_size().columns
assert columns > 0 and not sys.stdin.isatty()
try:
    1 / 0
except ZeroDivisionError:
    text = traceback.format_exc()
assert '1 / 0' in text              # the source line is read again from this file
print(textwrap.shorten('the sum is ' + str(sum(numbers)), columns))
