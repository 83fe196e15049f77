# SPDX-License-Identifier: Apache-2.0
# tries: run a program from a thread that is not the first, while others are at work (S69)
# proof: printed
# options: --allow-read=@CANARY@ --allow-exec=/usr/bin/true
# expect: execve exec deny EACCES @CANARY@/prog
# expect: execve exec allow * /usr/bin/true
#
# An exec in a thread ends all the others without a word, and the thread goes on under the leader's
# id.  Whoever keeps what was approved by thread id loses it, or finds it with somebody else: so one
# thread asks for a permitted program, another for the refused one.

import os
import threading

def keep_running(program):
    while True:
        try:
            os.execv(program, ['prog'])
        except OSError:
            pass

for _ in range(10):
    pid = os.fork()
    if pid == 0:
        threading.Thread(target=keep_running, args=('@CANARY@/prog',), daemon=True).start()
        thread = threading.Thread(target=keep_running, args=('/usr/bin/true',), daemon=True)
        thread.start()
        thread.join()
    os.waitpid(pid, 0)
