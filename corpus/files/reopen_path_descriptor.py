# SPDX-License-Identifier: Apache-2.0
# tries: take a descriptor for the name only (O_PATH), then open that for writing (S23)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write deny EACCES @CANARY@/folder/inner
#
# O_PATH needs no right on the file, so that jails let it pass; what it gives can be opened through
# /proc, or serves as the folder of an openat with a harmless relative name.

import os

def attempt(action, *args, **more):
    try:
        action(*args, **more)
    except OSError:
        pass

WRITE = os.O_WRONLY | os.O_TRUNC
file = os.open('@CANARY@/file', os.O_PATH)
folder = os.open('@CANARY@/folder', os.O_PATH)
attempt(os.open, '/proc/self/fd/%d' % file, WRITE)
attempt(os.open, 'inner', WRITE, dir_fd=folder)
attempt(os.open, '/dev/fd/%d/inner' % folder, WRITE)
