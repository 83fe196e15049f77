# SPDX-License-Identifier: Apache-2.0
# tries: share work between threads by a queue, a lock, an event, a barrier and a timer

import queue
import threading

work, results, total, lock = queue.Queue(), [], [0], threading.Lock()
barrier = threading.Barrier(16)


def take():
    barrier.wait()
    while (i := work.get()) is not None:
        with lock:
            total[0] += i


threads = [threading.Thread(target=take) for _ in range(16)]
for thread in threads:
    thread.start()
for i in range(2000):
    work.put(i)
for thread in threads:
    work.put(None)
for thread in threads:
    thread.join()
assert total == [1999000]

rung = threading.Event()
timer = threading.Timer(0.01, rung.set)
timer.start()
assert rung.wait(5)
print(total, threading.active_count())
