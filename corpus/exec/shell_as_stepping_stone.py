# SPDX-License-Identifier: Apache-2.0
# tries: do by an allowed shell what the script itself may not do
# proof: printed changed
# options: --allow-exec=sh
# expect: execve exec allow *
# expect: openat write deny EACCES @CANARY@/file
# expect: openat read deny EACCES @CANARY@/secret
# expect: execve exec deny EACCES *
#
# The policy names the shell, and only the shell.  A jail that guards the interpreter from inside
# ends where the other program begins; this one holds every program that comes after.

import subprocess

for command in (': > @CANARY@/file', ': >> @CANARY@/new', 'exec 3<> @CANARY@/file',
                'cd @CANARY@ && : > folder/inner', 'read -r x < @CANARY@/secret; echo "$x"',
                '@CANARY@/prog', 'exec rm -r @CANARY@/folder'):
    subprocess.call(['/bin/sh', '-c', command])
