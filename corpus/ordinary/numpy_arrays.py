# SPDX-License-Identifier: Apache-2.0
# tries: solve, transform and draw random numbers with numpy, whose BLAS starts threads
#
# Loading numpy opens some hundred files and asks for the processors of the machine.

import sys

try:
    import numpy as np
except ImportError:
    sys.stderr.write('skip: no numpy\n')
    sys.exit(77)

rng = np.random.default_rng(1)
a = rng.normal(size=(200, 200))
x = rng.normal(size=200)

assert np.allclose(np.linalg.solve(a, a @ x), x)
assert np.allclose(np.fft.ifft(np.fft.fft(x)), x)
assert np.allclose(np.linalg.svd(np.eye(9))[1], 1)
print(np.arange(12).reshape(3, 4).sum(axis=0))
