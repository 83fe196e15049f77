# SPDX-License-Identifier: Apache-2.0
# tries: read what a bystander was given in its environment (S85, S107)
# proof: printed
# options: --allow-read=/proc
# expect: openat read deny EACCES /proc/@VICTIM@/environ
#
# Same user, no Yama: the environment of every other program is one open away.  Tried by name, from
# inside its folder, and through a thread's.
import os

for folder, name in (('/', 'proc/@VICTIM@/environ'), ('/proc', '@VICTIM@/environ'),
                     ('/proc/@VICTIM@', 'environ'), ('/', 'proc/@VICTIM@/task/@VICTIM@/environ')):
    try:
        os.chdir(folder)
        with open(name, errors='replace') as f:
            print(f.read())
    except OSError:
        pass
