# SPDX-License-Identifier: Apache-2.0
# tries: save and load arrays as text, binary, archive and memory map in a folder of its own
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import sys

try:
    import numpy as np
except ImportError:
    sys.stderr.write('skip: no numpy\n')
    sys.exit(77)

os.chdir('@WORK@')
a = np.arange(12.0).reshape(3, 4)

np.savetxt('a.txt', a)
np.save('a.npy', a)
np.savez_compressed('a.npz', a=a)
a.tofile('a.raw')
mapped = np.memmap('a.map', dtype=float, mode='w+', shape=a.shape)
mapped[:] = a
mapped.flush()

assert (np.loadtxt('a.txt') == a).all()
assert (np.load('a.npy', mmap_mode='r') == a).all()
assert (np.load('a.npz')['a'] == a).all()
assert (np.fromfile('a.raw').reshape(3, 4) == a).all()
assert (np.fromfile('a.map').reshape(3, 4) == a).all()
print(sorted(os.listdir()))
