# SPDX-License-Identifier: Apache-2.0
# tries: climb from an exception's traceback to the host's frame, whose builtins are whole (P02)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: exec
#
# exec() was called by somebody, and the stack remembers by whom.  To catch an exception its class
# is needed, and `except` takes any expression: here one that finds BaseException among all
# classes.

try:
    1 / 0
except [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'BaseException'][0] as e:
    frame = e.__traceback__.tb_frame

while frame.f_back:
    frame = frame.f_back

try:
    frame.f_builtins['open']('@CANARY@/file', 'w').write('PWNED')
except:     # even OSError has no name here
    pass
