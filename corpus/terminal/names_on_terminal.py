# SPDX-License-Identifier: Apache-2.0
# tries: reprogram the terminal by the name of a file that a message shows (J01)
# proof: raw
# needs: terminal
# options: --color=never
# control: none: without the jail nobody prints these names
# expect: openat write deny EACCES
#
# The messages go to a real terminal here: title, clipboard, answers that come back as if typed.
import os

for name in ('\x1b]0;title\x07', '\x1b]52;c;cm0gLXJmIH4K\x07', '\x1b[6n', '\x1bP$q"p\x1b\\',
             '\x9b6n', '\x1b[21t', '\x05', '\x1b[?1003h'):
    try:
        os.open('@CANARY@/empty/' + name, os.O_WRONLY | os.O_CREAT)
    except OSError:
        pass
