# SPDX-License-Identifier: Apache-2.0
# tries: add a seccomp filter that asks the script itself, and answers "continue" (S45)
# proof: changed
# expect: seccomp system deny EPERM
# expect: openat write deny EACCES @CANARY@/file
#
# Of several filters the strongest answer counts, and USER_NOTIF is stronger than TRACE: the tracer
# is never stopped, and the script's own thread lets its own open go on.  Every jail that returns
# RET_TRACE and allows seccomp(2) falls.

import ctypes
import fcntl
import os
import struct
import threading

SYS_openat, SYS_seccomp = 257, 317
PR_SET_NO_NEW_PRIVS = 38
SET_MODE_FILTER, NEW_LISTENER = 1, 8
NOTIF_RECV, NOTIF_SEND, CONTINUE = 0xc0502100, 0xc0182101, 1

def let_it_go_on(listener):
    while True:
        request = bytearray(80)
        fcntl.ioctl(listener, NOTIF_RECV, request)
        fcntl.ioctl(listener, NOTIF_SEND, request[:8] + struct.pack('qiI', 0, 0, CONTINUE))

libc = ctypes.CDLL(None)
code = struct.pack('HBBIHBBIHBBIHBBI',
                   0x20, 0, 0, 0,               # ld   number
                   0x15, 0, 1, SYS_openat,      # jeq  openat, else skip one
                   0x06, 0, 0, 0x7fc00000,      # ret  USER_NOTIF
                   0x06, 0, 0, 0x7fff0000)      # ret  ALLOW
code = ctypes.create_string_buffer(code)
program = struct.pack('HxxxxxxQ', 4, ctypes.addressof(code))
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
listener = libc.syscall(SYS_seccomp, SET_MODE_FILTER, NEW_LISTENER, program)
if listener >= 0:
    threading.Thread(target=let_it_go_on, args=(listener,), daemon=True).start()
try:
    os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
except OSError:
    pass
os._exit(0)         # the interpreter's own last opens would find nobody who answers
