# SPDX-License-Identifier: Apache-2.0
# tries: fork until nothing is left (P63)
# proof: exceeded survivor
# options: --procs=40 --time=20
# control: none: without a limit it would stop the machine
# expect: clone process deny EAGAIN
# wall2: no: limits are kept by wall 1
# status: limit procs
#
# The children fork as well.  RLIMIT_NPROC does not bind root, and for others it counts every
# process of the user, not those of the script.
import os

while True:
    os.fork()
