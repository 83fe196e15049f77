# SPDX-License-Identifier: Apache-2.0
# tries: run functions in executors of threads and of processes, and wait for them as they finish
# options: --allow-read=/dev/shm --allow-write=/dev/shm

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed


def cube(x):
    return x ** 3


with ThreadPoolExecutor(8) as threads:
    assert sum(threads.map(cube, range(100))) == 24502500
    failed = threads.submit(int, 'x')
    assert isinstance(failed.exception(), ValueError)

with ProcessPoolExecutor(2) as processes:
    futures = [processes.submit(cube, i) for i in range(4)]
    print(sorted(f.result() for f in as_completed(futures, timeout=10)))
