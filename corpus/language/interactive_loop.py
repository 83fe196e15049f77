# SPDX-License-Identifier: Apache-2.0
# tries: hand the standard input to an interactive loop, and so to whoever types there (P50)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# stdin: open('@CANARY@/file', 'w')
# for: any
#
# The code that was checked contains no attack; the attack is typed.  What an interactive loop
# prints is the script's, and so is what it reads.

import code

code.interact()
