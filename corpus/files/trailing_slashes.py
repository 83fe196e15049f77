# SPDX-License-Identifier: Apache-2.0
# tries: name protected things with trailing slashes and dots (S25, S35)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: mkdir write deny EACCES @CANARY@/new
# expect: rmdir delete deny EACCES @CANARY@/empty
# expect: rename * deny EACCES *
#
# A slash at the end makes the kernel follow a link that it would otherwise take by name, and allows
# names that do not exist for folders only.  Code that splits off the last component finds it empty.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

attempt(os.symlink, '@CANARY@', '@WORK@/way')
attempt(os.mkdir, '@WORK@/mine')
attempt(os.mkdir, '@WORK@/way/new///')
attempt(os.rmdir, '@WORK@/way//empty/')
attempt(os.rename, '@WORK@/mine/', '@WORK@/way/./newer/')
attempt(os.rename, '@CANARY@//folder/', '@WORK@/folder')
