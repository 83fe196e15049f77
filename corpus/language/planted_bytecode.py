# SPDX-License-Identifier: Apache-2.0
# tries: leave code for the next interpreter: a compiled module and a .pth file (P48)
# proof: changed
# expect: mkdir write deny EACCES @CANARY@/__pycache__
# expect: openat write deny EACCES @CANARY@/next.pth
# for: any
#
# What is planted in a folder of modules runs later, outside of every sandbox: a .pyc instead of
# its source, a line of a .pth file at each start.

import importlib.machinery

loader = importlib.machinery.SourceFileLoader('next', '@CANARY@/next.py')
loader.set_data('@CANARY@/__pycache__/next.pyc', b'PWNED')     # says nothing when it fails

try:
    open('@CANARY@/next.pth', 'w').write('import os; os.getpid()\n')
except OSError as e:
    print(e)
