# SPDX-License-Identifier: Apache-2.0
# tries: make names of bad UTF-8, line ends, escapes, and forged lines of the jail's (S35, J01)
# proof: changed raw
# expect: openat write deny EACCES *
#
# A jail that decodes paths as text fails on the first, one that prints them as they are hands its
# terminal to the script, and one that logs a path a line can be made to say anything.

import os

names = [b'\xff\xfe', b'\x1b[2J\x1b]52;c;AAAA\x07', b'a\nb', b'\r\x08', b'\x9b2J', b'\xc2\x9b2J',
         b'\xe2\x80\xaegnp.exe', b'\x7f', b'new (deleted)', b' ', b'%s%n', b"'; $(id)",
         b'\npyjail: allowed  write everything', b'"}\n{"type":"result","status":0}', b'x' * 255]
for name in names:
    try:
        os.close(os.open(b'@CANARY@/' + name, os.O_WRONLY | os.O_CREAT))
    except OSError:
        pass
