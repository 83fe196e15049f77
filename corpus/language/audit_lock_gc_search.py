# SPDX-License-Identifier: Apache-2.0
# tries: search all dictionaries of the process for the write lock and delete it (P22)
# proof: changed
# expect: rename delete deny EACCES @CANARY@/file
# for: audit
#
# The lock may be hidden in any module, closure or instance: it is a key of some dictionary, and
# the garbage collector knows every dictionary that can hold objects.

import gc
import os

for scope in gc.get_objects():
    if type(scope) is dict:
        scope.pop('WRITE_LOCK', None)

try:
    os.rename('@CANARY@/file', '@CANARY@/folder/file')
except OSError as e:
    print(e)
