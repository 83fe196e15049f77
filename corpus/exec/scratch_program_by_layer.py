# SPDX-License-Identifier: Apache-2.0
# tries: run a program of the scratch view by the path that it has in the layer's folder
# proof: printed
# options: --allow-read=@CANARY@,/usr/bin/cat --scratch=@BASE@/layer --allow-exec=@BASE@/layer
# expect: execve exec deny EACCES @BASE@/layer/files@WORK@/cat
# expect: execve exec deny EACCES @WORK@/cat
#
# Where it was made no program may run.  A rule that covers the layer's folder says nothing of that.

import os
import shutil

shutil.copy('/usr/bin/cat', '@WORK@/cat')
for path in '@BASE@/layer/files@WORK@/cat', '@WORK@/cat':
    pid = os.fork()
    if pid == 0:
        try:
            os.execv(path, ['cat', '@CANARY@/secret'])
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)
