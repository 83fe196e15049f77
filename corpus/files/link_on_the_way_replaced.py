# SPDX-License-Identifier: Apache-2.0
# tries: replace the link through which a refused name goes, instead of what it leads to (S29)
# proof: changed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@CANARY@,@WORK@
# options: --deny-write=@CANARY@/dirlink/inner
# expect: unlink delete deny EACCES @CANARY@/dirlink
# expect: rename delete deny EACCES @CANARY@/dirlink
# expect: rename write deny EACCES @CANARY@/dirlink
# expect: truncate write deny EACCES @CANARY@/folder/inner
#
# Everything but dirlink/inner may be written.  The rule holds for the file that this is when the
# run starts; with another `dirlink` the name, by which others find it, would lead elsewhere.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

attempt(os.truncate, '@CANARY@/dirlink/inner', 0)
attempt(os.symlink, '@WORK@', '@WORK@/other')
attempt(os.rename, '@WORK@/other', '@CANARY@/dirlink')
attempt(os.rename, '@CANARY@/dirlink', '@WORK@/moved')
attempt(os.unlink, '@CANARY@/dirlink')
attempt(os.symlink, '@WORK@', '@CANARY@/dirlink')
