# SPDX-License-Identifier: Apache-2.0
# tries: rewrite a path from a process that shares the memory and is no thread (S01, S62)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write allow * @WORK@/file
# expect: openat write deny EACCES @CANARY@/file
#
# clone(CLONE_VM) is what vfork and posix_spawn use: the child runs in its parent's memory, under a
# process id of its own.  Here it stores into the parent's argument for as long as it lives.
# Without a jail the control wins at once.

import ctypes
import mmap
import os
import signal
import struct
import time

SYS_clone, SYS_exit, SYS_openat = 56, 60, 257
AT_FDCWD = -100
CLONE_VM = 0x100
SECONDS, FLIPS = 1, 1000000      # the child ends by itself after some seconds

libc = ctypes.CDLL(None)
try:
    open('@WORK@/file', 'w').close()
except OSError:
    pass
page = mmap.mmap(-1, 8192, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
allowed, protected = b'@WORK@/file', b'@CANARY@/file'
size = max(len(allowed), len(protected))
path, one, two = at + 1024, at + 2048, at + 3072
for where, text in (path, allowed), (one, allowed), (two, protected):
    ctypes.memmove(where, text.rjust(size, b'/'), size)

code = b'\xb8' + struct.pack('I', SYS_clone)                      # mov eax, clone
code += b'\xbf' + struct.pack('I', CLONE_VM | signal.SIGCHLD)     # mov edi, flags
code += b'\x31\xf6\x31\xd2\x4d\x31\xd2\x4d\x31\xc0\x0f\x05'       # no more arguments; syscall
code += b'\x85\xc0\x74\x01\xc3'                                   # the parent returns
code += b'\x41\xb8' + struct.pack('I', FLIPS)                     # mov r8d, FLIPS
again = len(code)
for text in one, two:
    code += b'\x48\xbf' + struct.pack('Q', path)                  # mov rdi, path
    code += b'\x48\xbe' + struct.pack('Q', text)                  # mov rsi, text
    code += b'\xb9' + struct.pack('I', size) + b'\xf3\xa4'        # mov ecx, size; rep movsb
    code += b'\xb9' + struct.pack('I', 100) + b'\xf3\x90\xe2\xfc' # a hundred pauses
code += b'\x41\xff\xc8\x0f\x85' + struct.pack('i', again - len(code) - 9)   # dec r8d; jnz
code += b'\xb8' + struct.pack('I', SYS_exit) + b'\x31\xff\x0f\x05'
page[:len(code)] = code

end = time.monotonic() + SECONDS
pid = ctypes.CFUNCTYPE(ctypes.c_int)(at)()
while time.monotonic() < end:
    fd = libc.syscall(SYS_openat, AT_FDCWD, ctypes.c_void_p(path), os.O_WRONLY | os.O_TRUNC)
    if fd >= 0:
        os.close(fd)
if pid > 0:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
