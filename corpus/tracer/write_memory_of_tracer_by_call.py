# SPDX-License-Identifier: Apache-2.0
# tries: overwrite the tracer's stack with process_vm_writev (S83)
# proof: tracer
# options: --allow-read=/proc
# expect: process_vm_writev system deny EPERM
# expect: process_vm_readv system deny EPERM
# needs: ptrace
#
# A jail that reads its tracee's memory with these calls may have left them open to the tracee.
import ctypes
import os
import struct

SYS_PROCESS_VM_READV, SYS_PROCESS_VM_WRITEV = 310, 311
SIZE = 65536

libc = ctypes.CDLL(None, use_errno=True)
tracer = os.getppid()


def stack_of(process):
    with open(f'/proc/{process}/maps') as maps:
        return next(int(line.split()[0].split('-')[1], 16) for line in maps if '[stack]' in line)


try:
    end = stack_of(tracer)
except OSError:
    end = stack_of('self')
junk = ctypes.create_string_buffer(b'\xff' * SIZE, SIZE)
mine = struct.pack('QQ', ctypes.addressof(junk), SIZE)
theirs = struct.pack('QQ', end - SIZE, SIZE)
libc.syscall(SYS_PROCESS_VM_WRITEV, tracer, mine, 1, theirs, 1, 0)
libc.syscall(SYS_PROCESS_VM_READV, tracer, mine, 1, theirs, 1, 0)
