# SPDX-License-Identifier: Apache-2.0
# tries: start the interpreter once more, where no guard of this one is loaded (S65, P47)
# proof: printed changed
# expect: execve exec deny EACCES *
#
# Audit hooks, import filters and patched builtins live in one interpreter; `sys.executable -c` is a
# new one.  /proc/self/exe is it by another name.

import os
import sys

CODE = 'print(open("@CANARY@/secret").read(), open("@CANARY@/file", "w"))'

for program in sys.executable, '/proc/self/exe':
    pid = os.fork()
    if pid == 0:
        try:
            os.execv(program, ['python3', '-I', '-c', CODE])
        except OSError:
            os._exit(0)
    os.waitpid(pid, 0)
