# SPDX-License-Identifier: Apache-2.0
# tries: sleep for ever, deaf to every signal that can be ignored or blocked (P66)
# proof: exceeded
# options: --time=0.5
# control: bounded
# expect: none
# status: limit time
#
# Limits by SIGALRM, SIGXCPU or SIGTERM are requests.
import signal
import time

for number in range(1, signal.NSIG):
    if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
        signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
until = time.monotonic() + 10
while time.monotonic() < until:
    time.sleep(1)
