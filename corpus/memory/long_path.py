# SPDX-License-Identifier: Apache-2.0
# tries: name a protected file by the longest path that the kernel takes, and by longer ones (S35)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
#
# 4095 bytes and a zero are a path, mostly of "./" here.  A buffer that is one byte too small cuts
# the end off and judges something else; what does not fit must be refused, not passed.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

for size in 4095, 4096, 8192:
    pad = size - len('@CANARY@/file')
    path = '@CANARY@/' + './' * (pad // 2) + '/' * (pad % 2) + 'file'
    attempt(os.open, path, os.O_WRONLY | os.O_TRUNC)
    attempt(os.truncate, path, 0)

os.chdir('/')
deep = 'proc/self/root/' * 19 + '@CANARY@/file'     # 38 links of the 40 that the kernel follows
attempt(os.open, deep, os.O_WRONLY | os.O_TRUNC)
