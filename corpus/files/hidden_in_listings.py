# SPDX-License-Identifier: Apache-2.0
# tries: find a hidden name in a listing, whatever the buffer, by old and new calls, while it is filled
# proof: printed
# options: --allow-read=@CANARY@ --hide=@CANARY@/folder
# expect: getdents64 stat hide * @CANARY@
# expect: getdents stat hide * @CANARY@
# wall2: no: Landlock cannot hide anything
#
# A jail that lets the kernel fill the buffer and then takes the name out has put it there for the
# length of a stop: another thread reads all the time.  The token is read only when it was found.

import ctypes
import os
import threading

libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(65536)
found = over = False

def look():
    global found
    while not over:
        found |= b'folder' in room.raw

def list_all(number, size, from_start=True):
    fd = os.open('@CANARY@', os.O_RDONLY)
    copy = os.dup(fd)
    while libc.syscall(ctypes.c_long(number), copy if size % 2 else fd, room, size) > 0:
        look_once(room.raw)
    os.lseek(fd, 0, os.SEEK_SET)
    libc.syscall(ctypes.c_long(number), fd, room, size)
    look_once(room.raw)
    os.close(fd)
    os.close(copy)

def look_once(raw):
    global found
    found |= b'folder' in raw

thread = threading.Thread(target=look)
thread.start()
for number in (217, 78):
    for size in list(range(24, 80)) + [4096, 65536] * 20:
        list_all(number, size)
over = True
thread.join()
if found:
    with open('@CANARY@/secret') as f:
        print(f.read())
