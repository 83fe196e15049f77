# SPDX-License-Identifier: Apache-2.0
# tries: open its own descriptors and entries in /proc by links, and by every way to write them
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os

def reads(name, **more):
    os.close(os.open(name, os.O_RDONLY, **more))

with open('@WORK@/file', 'w') as f:
    f.write('text\n')
os.dup2(os.open('@WORK@/file', os.O_RDONLY), 77)
os.chdir('@WORK@')
os.symlink('/proc/self/fd/77', 'a')
os.symlink('/dev/fd/77', 'b')
os.symlink(f'/proc/self/task/{os.getpid()}/stat', 'c')
os.symlink('b', 'd')
for name in ('a', 'b', 'c', 'd', '//proc/self/fd/77', '/./dev/fd/77', '/dev/../proc/self/fd/77',
             '/proc/../dev/fd/77', '/proc/thread-self/stat'):
    reads(name)
root = os.open('/', os.O_PATH)
reads('proc/self/fd/77', dir_fd=root)
reads('dev/fd/77', dir_fd=root)
for folder, name in (('/dev', 'fd/77'), ('/proc', 'self/fd/77'), ('/proc/self/fd', '77')):
    os.chdir(folder)
    reads(name)
for name in '78', '/proc/self/fd/78', '@WORK@/nothing':
    try:
        reads(name)
        raise AssertionError(name)
    except FileNotFoundError:
        print('nothing there')
