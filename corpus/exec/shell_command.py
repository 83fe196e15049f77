# SPDX-License-Identifier: Apache-2.0
# tries: hand a command to the shell: os.system, os.popen, subprocess (P45)
# proof: printed changed
# expect: execve exec deny EACCES *
#
# The public question's own example was subprocess.call('echo PWNED >> /tmp/FILE', shell=True).

import os
import subprocess

COMMAND = 'read -r x < @CANARY@/secret; echo "$x"; echo PWNED >> @CANARY@/file'

os.system(COMMAND)
for run in (lambda: print(os.popen(COMMAND).read()),
            lambda: subprocess.call(COMMAND, shell=True),
            lambda: subprocess.check_output(['/bin/sh', '-c', COMMAND], start_new_session=True)):
    try:
        run()
    except (OSError, subprocess.SubprocessError):
        pass
