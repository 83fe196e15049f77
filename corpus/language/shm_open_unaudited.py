# SPDX-License-Identifier: Apache-2.0
# tries: leave a file in /dev/shm by shm_open, which raises no audit event (P23)
# proof: object
# expect: openat write deny EACCES /dev/shm/pyjail-@PORT@
# for: audit
#
# Shared memory has a name, and on Linux the name is a file that stays when the program has ended.

import os

import _posixshmem

try:
    _posixshmem.shm_open('/pyjail-@PORT@', os.O_RDWR | os.O_CREAT, mode=0o600)
except OSError as e:
    print(e)
