# SPDX-License-Identifier: Apache-2.0
# tries: leave shared memory behind that anybody finds by a number (S106)
# proof: object
# expect: shmget system deny EPERM
# wall2: no: Landlock does not know System V objects
#
# Such a segment belongs to no process and has no file: it stays, with what was written, until
# somebody removes it.
import ctypes

IPC_CREAT = 0o1000

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(int('@PORT@'), 4096, IPC_CREAT | 0o666)
if segment >= 0:
    memory = libc.shmat(segment, None, 0)
    ctypes.memmove(memory, b'left behind', 11)
