# SPDX-License-Identifier: Apache-2.0
# tries: become another user, then take root back by a set-user-ID program (S66)
# proof: changed
# needs: root
# options: --allow-read=@WORK@,/usr/bin --allow-write=@WORK@ --allow-exec=@WORK@
# expect: fchmod * deny EPERM *
# expect: setresuid system deny EPERM
#
# Such a program would be the key to root after the jail has ended, for whoever finds it; and
# inside, an exec that gains privileges throws a tracer off.  Only root has a control here: it makes
# the program.  With wall 2 alone the canary cannot be written by any program.

import os
import shutil
import sys

NOBODY = 65534

if os.statvfs('@WORK@').f_flag & os.ST_NOSUID:
    print('skip: the file system ignores set-user-ID bits', file=sys.stderr)
    sys.exit(77)
try:
    shutil.copy('/usr/bin/touch', '@WORK@/touch')
    fd = os.open('@WORK@/touch', os.O_RDONLY)
    os.fchmod(fd, 0o4755)
except OSError:
    pass
pid = os.fork()
if pid == 0:
    try:
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        pass
    os.chdir('@CANARY@')
    try:
        os.execve(fd, ['touch', 'new'], {})
    finally:
        os._exit(0)
os.waitpid(pid, 0)
