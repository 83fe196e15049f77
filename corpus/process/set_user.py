# SPDX-License-Identifier: Apache-2.0
# tries: take other identities, and give root's away by mode and owner (S66, S87)
# proof: changed
# expect: setresuid system deny EPERM
# expect: setgroups system deny EPERM
# expect: chmod write deny EACCES @CANARY@/prog
# expect: chown write deny EACCES @CANARY@/file
# needs: root
# wall2: no: mode and owner are not in any Landlock right
#
# Root may write and change anything, and give the rights away in a form that outlives the process.
# A jail that root starts has to take from root what root is.
import os

for change in (lambda: os.setresuid(65534, 0, 0), lambda: os.setgroups([0]),
               lambda: os.chmod('@CANARY@/prog', 0o4755), lambda: os.chmod('@CANARY@/file', 0o666),
               lambda: os.chown('@CANARY@/file', 65534, -1)):
    try:
        change()
    except OSError:
        pass
