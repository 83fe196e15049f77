# SPDX-License-Identifier: Apache-2.0
# tries: write into a bystander's memory, by process_vm_writev and by /proc (S83, S85)
# proof: victim
# options: --allow-read=/proc --allow-write=/proc
# expect: process_vm_writev system deny EPERM
# expect: openat * deny EACCES /proc/@VICTIM@/mem
# needs: ptrace
#
# Both need what ptrace needs, and are not ptrace.  /proc is allowed here: it still means the
# script's own processes.
import ctypes
import os
import struct

SYS_PROCESS_VM_WRITEV = 311
TEXT = b'written from afar'


def heap_of(process):
    with open(f'/proc/{process}/maps') as maps:
        return next(int(line.split('-')[0], 16) for line in maps if line.endswith('[heap]\n'))


libc = ctypes.CDLL(None, use_errno=True)
victim = int('@VICTIM@')
try:
    heap = heap_of(victim)
except OSError:
    heap = heap_of('self')
text = ctypes.create_string_buffer(TEXT)
mine = struct.pack('QQ', ctypes.addressof(text), len(TEXT))
theirs = struct.pack('QQ', heap + 64, len(TEXT))
libc.syscall(SYS_PROCESS_VM_WRITEV, victim, mine, 1, theirs, 1, 0)
try:
    memory = os.open(f'/proc/{victim}/mem', os.O_RDWR)
    os.pwrite(memory, TEXT, heap + 128)
except OSError:
    pass
