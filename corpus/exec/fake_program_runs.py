# SPDX-License-Identifier: Apache-2.0
# tries: have a program run that is only said to run
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --fake-exec=@CANARY@
# expect: execve exec fake * @CANARY@/prog
# wall2: no: Landlock alone would have to grant the program or refuse it
#
# From a thread, by vfork, by posix_spawn, by a descriptor, by a link, by a copy of it, and while the
# name is exchanged: what the kernel runs must not be the program.

import ctypes
import os
import subprocess
import threading
import time

def attempt(*words, **more):
    try:
        print(subprocess.run(words, capture_output=True, text=True, **more).stdout)
    except OSError:
        pass

attempt('@CANARY@/prog')
attempt('./prog', cwd='@CANARY@')
os.symlink('@CANARY@/prog', '@WORK@/run')
attempt('@WORK@/run')
thread = threading.Thread(target=attempt, args=('@CANARY@/prog', 'x'))
thread.start()
thread.join()
os.waitpid(os.posix_spawn('@CANARY@/prog', ['prog'], {}), 0)
fd = os.open('@CANARY@/prog', os.O_RDONLY)
attempt('/proc/self/fd/%d' % fd, pass_fds=(fd,))
libc = ctypes.CDLL(None)
path = ctypes.create_string_buffer(b'@CANARY@/prog', 4096)
at, over = len(b'@CANARY@/'), False

def exchange():
    while not over:
        path[at:at + 5] = b'file\0'
        path[at:at + 5] = b'prog\0'

flipper = threading.Thread(target=exchange, daemon=True)
flipper.start()
words = (ctypes.c_char_p * 2)(b'prog', None)
for round in range(20):
    child = os.fork()
    if child == 0:
        libc.execve(path, words, None)
        os._exit(9)
    os.waitpid(child, 0)
over = True
flipper.join()
