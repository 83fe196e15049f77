# SPDX-License-Identifier: Apache-2.0
# tries: run a shell command as the pager of the help system, or as the browser of webbrowser (P45)
# proof: changed
# expect: execve exec deny EACCES /usr/bin/dash
# for: any
#
# Neither looks like a way to start a program.  Both are.

import pydoc
import webbrowser

for attack in (lambda: pydoc.pipepager('PWNED\n', 'cat >> @CANARY@/file'),
               lambda: webbrowser.GenericBrowser(['/bin/sh', '-c', 'echo %s >> @CANARY@/prog'])
               .open('PWNED')):
    try:
        attack()
    except OSError as e:
        print(e)
