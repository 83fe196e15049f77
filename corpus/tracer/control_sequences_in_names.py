# SPDX-License-Identifier: Apache-2.0
# tries: make the jail's messages carry out terminal commands, by the names of files (J01)
# proof: raw
# control: none: without the jail nobody prints these names
# expect: openat write deny EACCES
# expect: execve exec * *
#
# Clear the screen, set the clipboard (OSC 52), turn the order of text around, overwrite the line:
# all of it is possible in a file name, and a refusal has to show the name.
import ctypes
import os

PR_SET_NAME = 15
NAMES = (b'\x1b[2J\x1b[H', b'\x1b]52;c;cm0gLXJmIH4K\x07', b'\x1b]0;title\x07', b'\r\x08\x08\x7f',
         b'\x9b31m', b'\xc2\x9b31m', b'\xe2\x80\xaegnp.exe', b'\xff\xfe\xfd', b'%s%n\t\x0b\x0c')

libc = ctypes.CDLL(None)
for name in NAMES:
    libc.prctl(PR_SET_NAME, name[:15], 0, 0, 0)
    path = b'@CANARY@/empty/' + name
    for act in (lambda: os.open(path, os.O_WRONLY | os.O_CREAT), lambda: os.mkdir(path),
                lambda: os.symlink(name, path), lambda: os.rename(b'@CANARY@/file', path),
                lambda: os.execv(path, [name, name])):
        try:
            act()
        except OSError:
            pass
