# SPDX-License-Identifier: Apache-2.0
# tries: run another program under the name of an allowed one
# proof: printed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@ --allow-exec=true
# expect: execve exec deny EACCES @CANARY@/prog
#
# The rule says "true".  Whoever compares the last component, or looks the name up on the PATH that
# the script has set, runs the one in WORK.

import os
import subprocess

try:
    os.symlink('@CANARY@/prog', '@WORK@/true')
    os.environ['PATH'] = '@WORK@:' + os.environ['PATH']
except OSError:
    pass
for argv, more in ((['true'], {}), (['@WORK@/true'], {}), (['./true'], {'cwd': '@WORK@'}),
                   (['/usr/bin/true'], {'executable': '@CANARY@/prog'})):
    try:
        subprocess.call(argv, **more)
    except OSError:
        pass
