# SPDX-License-Identifier: Apache-2.0
# tries: read a file outside of what the policy lets be read, and print it
# proof: printed
# expect: openat read deny EACCES @CANARY@/secret

try:
    print(open('@CANARY@/secret').read())
except OSError:
    pass
