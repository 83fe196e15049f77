# SPDX-License-Identifier: Apache-2.0
# tries: have an allowed program tell the secret in its error message (S65)
# proof: printed
# options: --allow-exec=sh
# expect: execve exec allow *
# expect: openat read deny EACCES @CANARY@/secret
#
# The shell takes the secret for a script and complains that there is no such command.  The program
# may run; it is in the same jail, and may read what the script may.

import subprocess

subprocess.call(['/bin/sh', '@CANARY@/secret'])
subprocess.call(['/bin/sh', '-c', '. @CANARY@/secret; read -r x < @CANARY@/secret; echo "$x"'])
