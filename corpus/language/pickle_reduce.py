# SPDX-License-Identifier: Apache-2.0
# tries: run a shell by loading a pickle: its opcodes name any function and call it (P44)
# proof: changed
# expect: execve exec deny EACCES /usr/bin/dash
# for: any
#
# A pickle is a program.  `c` finds posix.system, `(S'...'tR` calls it.  The code that loads it
# contains nothing but loads().

import pickle

pickle.loads(b"cposix\nsystem\n(S'echo PWNED >> @CANARY@/file'\ntR.")
