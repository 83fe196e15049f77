# SPDX-License-Identifier: Apache-2.0
# tries: drown the tracer in refused calls on ever new names, and write in the noise (J03)
# proof: changed tracer
# expect: openat write deny EACCES @CANARY@/file
# expect: unlink delete deny EACCES @CANARY@/folder/inner
#
# Each refusal is an event with a name of its own: lists that grow without bound, and messages that
# wait for a slow terminal, are what gives way first.
import os

NAMES = 3000

for i in range(NAMES):
    try:
        os.mkdir(f'@CANARY@/empty/{i}' + 'x' * (i % 200))
    except OSError:
        pass
for act in lambda: open('@CANARY@/file', 'w'), lambda: os.unlink('@CANARY@/folder/inner'):
    try:
        act()
    except OSError:
        pass
