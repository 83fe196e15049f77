# SPDX-License-Identifier: Apache-2.0
# tries: import a package from a folder, from a zip file and by name, with data inside; compile it
# options: --allow-read=@WORK@ --allow-write=@WORK@
# needs: python>=3.9

import compileall
import importlib
import importlib.metadata
import importlib.resources
import os
import pkgutil
import sys
import zipfile

os.makedirs('@WORK@/lib/parcel')
for name, text in (('__init__', 'from .inner import f\n'), ('inner', 'def f():\n    return 42\n')):
    with open(f'@WORK@/lib/parcel/{name}.py', 'w') as f:
        f.write(text)
with open('@WORK@/lib/parcel/data.txt', 'w') as f:
    f.write('data')
with zipfile.ZipFile('@WORK@/zipped.zip', 'w') as z:
    z.writestr('zipped.py', 'x = 7\n')

sys.path[:0] = ['@WORK@/lib', '@WORK@/zipped.zip']
parcel = importlib.import_module('parcel')
assert parcel.f() == 42
assert importlib.resources.files('parcel').joinpath('data.txt').read_text() == 'data'
assert importlib.import_module('zipped').x == 7

assert compileall.compile_dir('@WORK@/lib', quiet=1)
assert len(os.listdir('@WORK@/lib/parcel/__pycache__')) == 2
importlib.reload(parcel)

assert len(list(pkgutil.iter_modules())) > 100
assert importlib.util.find_spec('no_such_module') is None
print(len(list(importlib.metadata.distributions())) >= 0)
