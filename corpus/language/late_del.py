# SPDX-License-Identifier: Apache-2.0
# tries: leave an object behind whose __del__ writes when the interpreter is torn down (P11, P49)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# The object lives in a module that outlasts the sandbox, so that it dies after every guard, timer
# and "untrusted code has ended" that the host has written in Python.

import sys
from os import O_TRUNC, O_WRONLY, open as open_file


class Bomb:
    def __del__(self, flags=O_WRONLY | O_TRUNC, open_file=open_file):
        try:
            open_file('@CANARY@/file', flags)
        except OSError as e:
            print(e)


sys.bomb = Bomb()
