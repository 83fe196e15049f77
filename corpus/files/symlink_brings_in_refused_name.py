# SPDX-License-Identifier: Apache-2.0
# tries: fill the one refused name inside of a permitted one, by a link to where it is filled (S29)
# proof: changed
# options: --allow-read=@WORK@,@CANARY@ --allow-write=@WORK@,@CANARY@/new
# options: --deny-write=@CANARY@/new/x
# expect: symlink write deny EACCES @CANARY@/new
# expect: rename write deny EACCES @CANARY@/new
# expect: linkat write deny EACCES @CANARY@/new
#
# `new` may be made, `new/x` may not: somebody else will trust it.  A link `new` to a folder of the
# script's own has an x in it that nobody refused, and so has a folder that is moved there.

import os

def attempt(action, *args, **more):
    try:
        action(*args, **more)
    except OSError:
        pass

attempt(os.mkdir, '@WORK@/folder')
with open('@WORK@/folder/x', 'w') as f:
    f.write('not trusted\n')
attempt(os.symlink, '@WORK@/folder', '@WORK@/link')

attempt(os.symlink, '@WORK@/folder', '@CANARY@/new')
attempt(os.link, '@WORK@/link', '@CANARY@/new', follow_symlinks=False)
attempt(os.rename, '@WORK@/link', '@CANARY@/new')
attempt(os.rename, '@WORK@/folder', '@CANARY@/new')
