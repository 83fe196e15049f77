# SPDX-License-Identifier: Apache-2.0
# tries: become not dumpable by changing users there and back, then write (S36, S66)
# proof: changed
# expect: setfsuid system deny EPERM
# expect: setresuid system deny EPERM
# expect: openat write deny EACCES @CANARY@/file
# needs: root
#
# Every change of the file system user clears the dumpable mark, without prctl.  Only root may
# change to another user; everybody else keeps the mark.
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.setfsuid(1)
libc.setfsuid(0)
try:
    os.setresuid(-1, 1, 0)
    os.setresuid(-1, 0, 0)
except OSError:
    pass
try:
    with open('@CANARY@/file', 'w') as f:
        f.write('unseen\n')
except OSError:
    pass
