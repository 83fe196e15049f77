# SPDX-License-Identifier: Apache-2.0
# tries: put the path on a page that is filled only when somebody reads it (S08)
# proof: changed
# needs: root
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: userfaultfd system deny EPERM
#
# With userfaultfd the script decides what a page holds when it is first touched, and how long that
# takes: a tracer that reads it with process_vm_readv waits for the script, and each reader can be
# told something else.  Ordinary users get this only where vm.unprivileged_userfaultfd is 1.

import ctypes
import fcntl
import mmap
import os
import struct
import threading

SYS_openat, SYS_userfaultfd = 257, 323
AT_FDCWD = -100
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_COPY = 0xc018aa3f, 0xc020aa00, 0xc028aa03
MODE_MISSING = 1
PAGE = 4096

def answer(faults, at):
    os.read(faults, 32)
    text = ctypes.create_string_buffer(b'@CANARY@/file', PAGE)
    fcntl.ioctl(faults, UFFDIO_COPY, struct.pack('QQQQq', at, ctypes.addressof(text), PAGE, 0, 0))

libc = ctypes.CDLL(None)
page = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
faults = libc.syscall(SYS_userfaultfd, os.O_CLOEXEC)
if faults >= 0:
    fcntl.ioctl(faults, UFFDIO_API, struct.pack('QQQ', 0xaa, 0, 0))
    fcntl.ioctl(faults, UFFDIO_REGISTER, struct.pack('QQQQ', at, PAGE, MODE_MISSING, 0))
    threading.Thread(target=answer, args=(faults, at), daemon=True).start()
    libc.syscall(SYS_openat, AT_FDCWD, ctypes.c_void_p(at), os.O_WRONLY | os.O_TRUNC)
