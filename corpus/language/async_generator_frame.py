# SPDX-License-Identifier: Apache-2.0
# tries: take the real builtins from the frame of an asynchronous generator (P03)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: ast
#
# ag_frame, f_builtins: no underscore in front, no call of a banned name, no import.  Of the three
# kinds of generators this is the one that lists of banned attributes forget.


async def generator():
    yield


builtins = generator().ag_frame.f_builtins
try:
    builtins['open']('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
