# SPDX-License-Identifier: Apache-2.0
# tries: delete the write lock through the frame of the hook that compares our object (P20, P21)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: audit
#
# The published hook raises for `open` while a global WRITE_LOCK exists and args[1] != 'r'.  It
# keeps the lock out of the namespace that exec() gets, but it compares an object that we chose:
# `!=` calls our method, whose caller is the hook.  An exception raised here has the hook's frame
# as f_back, and that frame's f_globals are the dict that holds the lock.

import sys


class Mode(str):
    def __ne__(self, other):
        try:
            raise Exception
        except Exception as e:
            hook = e.__traceback__.tb_frame.f_back
            hook.f_globals.pop('WRITE_LOCK', None)
        return False

    __eq__ = __ne__


sys.audit('open', None, Mode())

try:
    open('@CANARY@/file', 'w').write('PWNED')
except OSError as e:
    print(e)
