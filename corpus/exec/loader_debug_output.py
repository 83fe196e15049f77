# SPDX-License-Identifier: Apache-2.0
# tries: make an allowed program write a file, by a variable that its loader understands (P47)
# proof: changed
# expect: execve exec allow * /usr/bin/uname
# expect: openat write deny EACCES *
#
# uname may be run by default and takes no file names.  But ld.so obeys the environment that the
# script gives it: with LD_DEBUG_OUTPUT it creates a file, before uname's own first instruction.

import os

pid = os.fork()
if pid == 0:
    try:
        os.execve('/usr/bin/uname', ['uname'],
                  {'LD_DEBUG': 'files', 'LD_DEBUG_OUTPUT': '@CANARY@/new'})
    except OSError:
        os._exit(0)
os.waitpid(pid, 0)
