# SPDX-License-Identifier: Apache-2.0
# tries: climb to the host from the frame of a running coroutine (P03)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# for: exec
#
# As with a generator, under another name: a ban on gi_frame says nothing of cr_frame.  The host's
# builtins give __import__, and that gives everything.

frames = []


async def climb():
    frames.append(coroutine.cr_frame.f_back)


coroutine = climb()
try:
    coroutine.send(None)
except:     # StopIteration has no name here
    pass

frame = frames[0]
while frame.f_back:
    frame = frame.f_back

try:
    frame.f_builtins['__import__']('os').unlink('@CANARY@/file')
except:     # nor has OSError
    pass
