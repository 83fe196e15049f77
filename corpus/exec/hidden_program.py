# SPDX-License-Identifier: Apache-2.0
# tries: run a hidden program: by its name, by links, by descriptor, by an interpreter line
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --allow-exec=@CANARY@,@WORK@ --hide=@CANARY@/prog
# expect: execve exec hide ENOENT @CANARY@/prog
# wall2: no: Landlock cannot hide a program inside a folder whose programs may run

import os
import subprocess

def attempt(*words, **more):
    try:
        print(subprocess.run(words, capture_output=True, text=True, **more).stdout)
    except OSError:
        pass

attempt('@CANARY@/prog')
attempt('@CANARY@/../' + os.path.basename('@CANARY@') + '/prog')
attempt('./prog', cwd='@CANARY@')
os.symlink('@CANARY@/prog', '@WORK@/run')
attempt('@WORK@/run')
with open('@WORK@/script', 'w') as f:
    f.write('#!@CANARY@/prog\n')
os.chmod('@WORK@/script', 0o700)
attempt('@WORK@/script')
for flags in (os.O_RDONLY, os.O_PATH):
    try:
        fd = os.open('@CANARY@/prog', flags)
        attempt('/proc/self/fd/%d' % fd, pass_fds=(fd,))
    except OSError:
        pass
