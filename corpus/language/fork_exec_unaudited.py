# SPDX-License-Identifier: Apache-2.0
# tries: start a shell through _posixsubprocess.fork_exec, below the event that hooks watch (P23)
# proof: changed
# expect: execve exec deny EACCES /usr/bin/dash
# for: audit
#
# The event `subprocess.Popen` is raised by the Python code of subprocess.  multiprocessing calls
# the C function underneath by itself; until 3.12.3 that function raised no event at all.

import os
from multiprocessing import util

shell = [b'/bin/sh', b'-c', b'echo PWNED >> @CANARY@/file']
os.waitpid(util.spawnv_passfds(shell[0], shell, []), 0)
