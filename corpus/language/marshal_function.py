# SPDX-License-Identifier: Apache-2.0
# tries: make a function of marshalled bytes, which no filter of source code reads (P44)
# proof: changed
# expect: openat write deny EACCES @CANARY@/new
# for: any
#
# The bytes are made here, since they differ between versions of Python; they could as well come
# from a file, or be a literal.

import marshal
import types

data = marshal.dumps(compile("open('@CANARY@/new', 'x').close()", '', 'exec'))

try:
    types.FunctionType(marshal.loads(data), globals())()
except OSError as e:
    print(e)
