# SPDX-License-Identifier: Apache-2.0
# tries: make a virtual environment without pip and run a module in its interpreter
# options: --allow-read=@WORK@ --allow-write=@WORK@ --allow-exec=@PYTHON@
#
# The environment's python is a link; the program that runs is the one that it leads to.

import os
import subprocess
import venv

venv.create('@WORK@/env', symlinks=True, with_pip=False)
with open('@WORK@/hello.py', 'w') as f:
    f.write('import sys; print(sys.prefix != sys.base_prefix, sys.argv[1])\n')
out = subprocess.run(['@WORK@/env/bin/python', '-m', 'hello', 'argument'], cwd='@WORK@',
                     check=True, stdout=subprocess.PIPE, text=True).stdout
assert out == 'True argument\n'
assert os.path.exists('@WORK@/env/pyvenv.cfg')
print(out)
