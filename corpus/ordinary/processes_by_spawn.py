# SPDX-License-Identifier: Apache-2.0
# tries: run a function in a fresh interpreter, which imports this file
# options: --allow-read=/dev/shm --allow-write=/dev/shm --allow-exec=@PYTHON@

import multiprocessing


def cube(x):
    return x ** 3


if __name__ == '__main__':
    with multiprocessing.get_context('spawn').Pool(1) as pool:
        assert pool.map(cube, range(4)) == [0, 1, 8, 27]
    print('spawned')
