# SPDX-License-Identifier: Apache-2.0
# tries: use a `..` that means one thing as text and another to the kernel (S25)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/folder/inner
# expect: unlink delete deny EACCES @CANARY@/folder/inner
#
# WORK/way leads to CANARY/folder/sub.  Normalised as text, WORK/way/../inner is WORK/inner, which
# may be written; the kernel follows the link first and goes up from there.

import os

def attempt(action, *args):
    try:
        action(*args)
    except OSError:
        pass

attempt(os.symlink, '@CANARY@/folder/sub', '@WORK@/way')
attempt(os.open, '@WORK@/way/../inner', os.O_WRONLY | os.O_TRUNC)
attempt(os.unlink, '@WORK@/way/../inner')
