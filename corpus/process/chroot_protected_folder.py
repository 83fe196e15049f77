# SPDX-License-Identifier: Apache-2.0
# tries: make the protected folder the root, where its files have harmless names (S86)
# proof: changed
# options: --allow-read=/file --allow-write=/file
# expect: chroot system deny EPERM
# needs: root
#
# Below another root the name /file, which the rules allow, is the protected file.  Only root may
# change the root folder.
import os

try:
    os.chroot('@CANARY@')
except OSError:
    pass
try:
    os.chdir('/')
    with open('/file', 'r+') as f:
        f.write('through another root\n')
except OSError:
    pass
