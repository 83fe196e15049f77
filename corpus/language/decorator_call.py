# SPDX-License-Identifier: Apache-2.0
# tries: call exec as a decorator: a call without a call node (P10)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: ast
#
# A decorator is applied to what it decorates, and a second one to the result of the first.  The
# inner one exchanges the function for a string, the outer one runs the string, in which nothing
# was checked.


def payload(function):
    return "open('@CANARY@/file', 'w').write('PWNED')"


try:
    @exec
    @payload
    def function():
        pass
except OSError as e:
    print(e)
