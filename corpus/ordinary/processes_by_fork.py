# SPDX-License-Identifier: Apache-2.0
# tries: use a pool, a queue, a value, an event and a pipe between forked processes
# options: --allow-read=/dev/shm --allow-write=/dev/shm
#
# Semaphores of multiprocessing are files in /dev/shm.

import multiprocessing

context = multiprocessing.get_context('fork')


def square(x):
    return x * x


def work(numbers, done, value):
    with value.get_lock():
        value.value += 1
    numbers.put(41)
    done.set()


with context.Pool(2) as pool:
    assert pool.map(square, range(10)) == [x * x for x in range(10)]

numbers, done, value = context.Queue(), context.Event(), context.Value('i', 3)
process = context.Process(target=work, args=(numbers, done, value))
process.start()
assert numbers.get(timeout=10) == 41 and done.wait(10)
process.join()
assert (process.exitcode, value.value) == (0, 4)

ours, theirs = context.Pipe()
process = context.Process(target=theirs.send, args=({'a': [1]},))
process.start()
assert ours.recv() == {'a': [1]}
process.join()
print(process)
