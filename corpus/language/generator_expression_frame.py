# SPDX-License-Identifier: Apache-2.0
# tries: climb to the host from the frame of a running generator, with no name but its own (P03)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: exec
#
# gi_frame, f_back and f_builtins have no underscore in front.  A generator's frame has a caller
# only while it runs, so the generator looks at itself; whoever asks for its item is in f_back.

g = (g.gi_frame.f_back for _ in (1,))
for frame in g:
    pass

while frame.f_back:
    frame = frame.f_back

try:
    frame.f_builtins['open']('@CANARY@/file', 'w').write('PWNED')
except:     # even OSError has no name here
    pass
