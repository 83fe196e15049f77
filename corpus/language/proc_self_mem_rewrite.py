# SPDX-License-Identifier: Apache-2.0
# tries: rewrite a constant of a guard through /proc/self/mem, which ignores page protection (P25)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES /proc/self/mem
# expect: openat read allow * @CANARY@/file
# for: any
#
# A guard written in Python is objects in memory, and they are immutable only for Python.  This one
# opens what it is given with a constant set of flags.  After its constant has been changed in
# place, the same guard truncates.  An integer's digits lie behind three words in 3.11 and before,
# two words and a tag in 3.12 and after: 24 bytes both.

import os

READ_ONLY = os.O_RDONLY | os.O_CLOEXEC
TRUNCATE = os.O_WRONLY | os.O_CLOEXEC | os.O_TRUNC


def guarded_open(path, flags=READ_ONLY):
    return os.open(path, flags)


try:
    with open('/proc/self/mem', 'r+b', buffering=0) as memory:
        memory.seek(id(READ_ONLY) + 24)
        memory.write(TRUNCATE.to_bytes(4, 'little'))
except OSError as e:
    print(e)

guarded_open('@CANARY@/file')
