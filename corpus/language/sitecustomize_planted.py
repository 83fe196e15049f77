# SPDX-License-Identifier: Apache-2.0
# tries: plant code that a second interpreter runs before its first line, by PYTHONPATH (P47)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@ --allow-exec=@PYTHON@
# expect: execve exec allow * *
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# A guard that a script installs in itself comes too late for what `site` imports.  The jail is put
# on before the interpreter starts, and the programs that it starts are in it too.

import os

with open('@WORK@/sitecustomize.py', 'w') as f:
    f.write("open('@CANARY@/file', 'w').write('PWNED')\n")

try:
    os.execve('@PYTHON@', ['python3', '-c', ''], {'PYTHONPATH': '@WORK@'})
except OSError as e:
    print(e)
