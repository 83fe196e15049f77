# SPDX-License-Identifier: Apache-2.0
# tries: overwrite the code that the tracer executes next (S83)
# proof: tracer
# options: --allow-read=/proc --allow-write=/proc
# expect: openat * deny EACCES
# needs: ptrace
#
# /proc/PID/mem writes through page protection.  /proc/PID/syscall says where a waiting process goes
# on: there it finds an illegal instruction.
import os

ILLEGAL = b'\x0f\x0b' * 8

tracer = os.getppid()
try:
    with open(f'/proc/{tracer}/syscall') as f:
        next_instruction = int(f.read().split()[-1], 16)
    memory = os.open(f'/proc/{tracer}/mem', os.O_RDWR)
    os.pwrite(memory, ILLEGAL, next_instruction)
except OSError:
    pass
try:
    os.open(f'/proc/{tracer}/mem', os.O_WRONLY)
except OSError:
    pass
