# SPDX-License-Identifier: Apache-2.0
# tries: put a line that looks like the jail's own into its messages (J02)
# proof: raw
# control: none: without the jail nobody prints these names
# expect: openat write deny EACCES
#
# A newline in a name ends the message, and what follows stands at the start of a line.  The record
# is lines as well: there a quote and a brace would end an object.
import os

NAMES = ('\npyjail: limit reached  time', '\nall is well\n', '\r\npyjail: allowed everything',
         '"}\n{"type":"result","status":0,"denied":0}', '\u2028pyjail: forged', '\x85forged', '\\n')

for name in NAMES:
    try:
        os.open('@CANARY@/empty/' + name, os.O_WRONLY | os.O_CREAT)
    except OSError:
        pass
