# SPDX-License-Identifier: Apache-2.0
# tries: write from a process that shares memory and descriptors without being a thread (S62)
# proof: changed
# expect: clone process allow
# expect: clone process deny EPERM
# expect: openat write deny EACCES @CANARY@/file
#
# CLONE_VM without CLONE_THREAD: another process id, the same memory.  State that a jail keeps per
# process (descriptors, memory, current folder) is wrong for one of the two.  The child runs machine
# code only: it has no Python thread of its own.
import ctypes
import mmap
import os
import signal
import struct
import time

CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND = 0x100, 0x200, 0x400, 0x800
AT_FDCWD = -100

libc = ctypes.CDLL(None, use_errno=True)
page = mmap.mmap(-1, 65536, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
base = ctypes.addressof(ctypes.c_char.from_buffer(page))

# mov rdi, AT_FDCWD; mov rsi, path; mov edx, flags; mov eax, SYS_openat; syscall
# mov eax, SYS_exit; syscall
code = struct.pack('<2sq2sQBIBI2s', b'\x48\xbf', AT_FDCWD, b'\x48\xbe', base + 1024,
                   0xba, os.O_WRONLY | os.O_TRUNC, 0xb8, 257, b'\x0f\x05')
code += b'\xb8\x3c\x00\x00\x00\x0f\x05'
page[:len(code)] = code
path = b'@CANARY@/file\0'
page[1024:1024 + len(path)] = path

for shared in CLONE_VM, CLONE_VM | CLONE_FILES, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND:
    pid = libc.clone(ctypes.c_void_p(base), ctypes.c_void_p(base + 65536 - 64),
                     shared | signal.SIGCHLD, None)
    if pid > 0:
        os.waitpid(pid, 0)
