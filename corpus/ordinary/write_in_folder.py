# SPDX-License-Identifier: Apache-2.0
# tries: make, rename, read back and remove files in a folder that the policy gives
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os

with open('@WORK@/new', 'w') as f:
    f.write('text\n')
os.rename('@WORK@/new', '@WORK@/old')
assert open('@WORK@/old').read() == 'text\n'
os.mkdir('@WORK@/folder')
os.rmdir('@WORK@/folder')
os.unlink('@WORK@/old')
