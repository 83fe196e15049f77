# SPDX-License-Identifier: Apache-2.0
# tries: have Python itself show the secret, as the source line of a warning and of an error (P41)
# proof: printed
# expect: openat read deny EACCES @CANARY@/secret
#
# The script opens nothing: linecache, tokenize and the importer do, on the way to a message.  A
# guard around open() and its like is not on that way.

import runpy
import sys
import traceback
import warnings

warnings.showwarning('look', UserWarning, '@CANARY@/secret', 1)
try:
    runpy.run_path('@CANARY@/secret')
except Exception:
    traceback.print_exc(file=sys.stderr)
