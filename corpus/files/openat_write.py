# SPDX-License-Identifier: Apache-2.0
# tries: write into a file, by each access mode that can (S20)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# expect: openat write deny EACCES @CANARY@/folder/inner
# expect: openat write deny EACCES @CANARY@/new
#
# The plainest of all attacks, by Python's own open().  What defeats it defeats the public question
# that this project began with; everything else in this folder is a way around it.

for path, mode in (('file', 'a'), ('file', 'r+'), ('folder/inner', 'w'), ('new', 'x')):
    try:
        with open('@CANARY@/' + path, mode) as f:
            f.write('written')
    except OSError:
        pass
