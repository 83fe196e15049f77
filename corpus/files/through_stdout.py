# SPDX-License-Identifier: Apache-2.0
# tries: open a protected file for writing through the names of the standard streams (S23)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# /dev/stdin, /dev/stdout and /dev/fd/1 are the script's own, and a jail lets them be opened, since
# honest programs do.  So the script first puts the protected file there.

import os

os.dup2(os.open('@CANARY@/file', os.O_RDONLY), 0)
for name in '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0':
    try:
        os.open(name, os.O_WRONLY | os.O_TRUNC)
    except OSError:
        pass
os.dup2(0, 1)
try:
    os.open('/dev/stdout', os.O_RDWR | os.O_TRUNC)
except OSError:
    pass
