# SPDX-License-Identifier: Apache-2.0
# tries: use the processor for ever without a system call (P65)
# proof: exceeded
# options: --cpu=0.5 --time=20
# control: bounded
# expect: none
# status: limit cpu
#
# Machine code that jumps to itself: no call, no bytecode, no lock to give away.  Limits that look
# at a stop, a trace function or a signal handler of Python never get their turn.
import ctypes
import mmap
import signal

page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page[:2] = b'\xeb\xfe'
signal.alarm(10)    # for the run without the jail
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
