# SPDX-License-Identifier: Apache-2.0
# tries: exhaust the descriptors of the tracer by threads that all wait in an open (J07, P67)
# proof: changed tracer
# expect: openat write deny EACCES @CANARY@/file
# expect: openat read allow
#
# A tracer that keeps a descriptor for each thread, or for each call in flight, runs out of them.
# What it does with a call that it cannot look at decides.
import os
import resource
import threading

THREADS = 120

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
start = threading.Barrier(THREADS)


def attack():
    start.wait()
    for i in range(20):
        try:
            os.open('/etc/passwd', os.O_RDONLY)
            os.open('@CANARY@/file', os.O_WRONLY | os.O_TRUNC)
        except OSError:
            pass


threads = [threading.Thread(target=attack) for i in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
