# SPDX-License-Identifier: Apache-2.0
# tries: read the variables that the jail did not pass on where the jail itself has them (S83)
# proof: printed
# options: --allow-read=/proc
# expect: openat read deny EACCES
#
# A jail that clears the environment of the script still has all of it, and is the parent.
import os

tracer = os.getppid()
for name in f'/proc/{tracer}/environ', f'/proc/{tracer}/task/{tracer}/environ':
    try:
        with open(name, errors='replace') as f:
            print(f.read())
    except OSError:
        pass
