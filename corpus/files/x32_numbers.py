# SPDX-License-Identifier: Apache-2.0
# tries: remove a file by the x32 number of unlink, and by 64-bit numbers with that bit set (S42)
# proof: changed
# control: none: few kernels have the x32 table built in; without it the calls are ENOSYS
#
# The architecture says x86-64 and bit 30 of the number says otherwise: `nr == unlink` is false, and
# a filter that ends in "allow" lets it through.  pyjail ends the process that tries.

import ctypes
import os

X32 = 0x40000000
SYS_unlink, SYS_unlinkat = 87, 263
AT_FDCWD = -100

libc = ctypes.CDLL(None)
for args in ((X32 | SYS_unlink, b'@CANARY@/file'),
             (X32 | SYS_unlinkat, AT_FDCWD, b'@CANARY@/file', 0)):
    pid = os.fork()
    if pid == 0:
        libc.syscall(*args)
        os._exit(0)
    os.waitpid(pid, 0)
