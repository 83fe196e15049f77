# SPDX-License-Identifier: Apache-2.0
# tries: have library functions run programs that the script chose by its environment (P45)
# proof: printed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: execve exec deny EACCES @WORK@/gcc
#
# find_library asks the compiler, webbrowser the BROWSER variable, pydoc the pager: nothing in the
# script's text says that it runs anything.

import ctypes.util
import os
import pydoc
import webbrowser

try:
    with open('@WORK@/gcc', 'w') as f:
        f.write('#!/bin/sh\nread -r x < @CANARY@/secret\necho "$x" >> @WORK@/found\n')
    os.chmod('@WORK@/gcc', 0o755)
except OSError:
    pass
os.environ['PATH'] = '@WORK@'
os.environ['BROWSER'] = '@WORK@/gcc %s'
for look in (lambda: ctypes.util.find_library('nothing_of_the_kind'),
             lambda: webbrowser.open('nowhere'),
             lambda: pydoc.pipepager('text', '@WORK@/gcc')):
    try:
        look()
    except OSError:
        pass
