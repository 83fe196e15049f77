# SPDX-License-Identifier: Apache-2.0
# tries: get at a secret's contents without read(2): mapped, sent, spliced, copied (S32)
# proof: printed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat read deny EACCES @CANARY@/secret
#
# Four ways to move a file's bytes that a list of "calls that read" forgets.  All of them start with
# a descriptor, which is where they must be stopped.  What they moved lies in WORK, or is printed.

import mmap
import os
import sys

def attempt(action):
    try:
        action()
    except OSError:
        pass

def secret():
    return os.open('@CANARY@/secret', os.O_RDONLY)

def copy(name):
    return os.open('@WORK@/' + name, os.O_WRONLY | os.O_CREAT)

def spliced():
    from_pipe, to_pipe = os.pipe()
    os.splice(secret(), to_pipe, 100)
    os.splice(from_pipe, copy('spliced'), 100)

attempt(lambda: print(mmap.mmap(secret(), 0, access=mmap.ACCESS_READ)[:]))
attempt(lambda: os.sendfile(copy('sent'), secret(), 0, 100))
attempt(lambda: os.copy_file_range(secret(), copy('copied'), 100))
if sys.version_info >= (3, 10):
    attempt(spliced)
