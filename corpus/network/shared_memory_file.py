# SPDX-License-Identifier: Apache-2.0
# tries: leave a file in /dev/shm behind (S106)
# proof: object
# expect: openat write deny EACCES /dev/shm/pyjail-@PORT@
#
# /dev looks like devices only; /dev/shm is a folder in memory that everybody may write to.
import os

try:
    memory = os.open('/dev/shm/pyjail-@PORT@', os.O_RDWR | os.O_CREAT, 0o600)
    os.write(memory, b'left behind')
except OSError:
    pass
