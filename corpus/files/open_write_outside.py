# SPDX-License-Identifier: Apache-2.0
# tries: append to a file outside of what the policy lets be written
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/file
#
# The plainest escape of all: every other script in this folder is a way around this refusal.

try:
    with open('@CANARY@/file', 'a') as f:
        f.write('changed\n')
except OSError:
    pass
