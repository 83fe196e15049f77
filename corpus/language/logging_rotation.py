# SPDX-License-Identifier: Apache-2.0
# tries: write, rename and create by a log handler that rotates (P41)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: rename delete deny EACCES @CANARY@/prog
# for: any
#
# No name of a function that opens or renames is in this text: the library does both, one by
# opening the log, one by its age.

import logging.handlers

try:
    logging.handlers.RotatingFileHandler('@CANARY@/file')
except OSError as e:
    print(e)

handler = logging.handlers.BaseRotatingHandler('@CANARY@/prog', 'a', delay=True)
try:
    handler.rotate('@CANARY@/prog', '@CANARY@/prog.1')
except OSError as e:
    print(e)
