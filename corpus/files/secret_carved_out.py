# SPDX-License-Identifier: Apache-2.0
# tries: read the one file that is refused inside of a folder that may be read
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --deny-read=@CANARY@/secret
# expect: openat read deny EACCES @CANARY@/secret
# expect: linkat write deny EACCES @CANARY@/secret
# wall2: no: Landlock knows no exceptions inside a folder that may be read
#
# Everything around the file is open, so that the way to it can be bent in many places: links, `..`,
# descriptors, a second name elsewhere.

import os

def attempt(action, *args, **more):
    try:
        action(*args, **more)
    except OSError:
        pass

folder = os.open('@CANARY@', os.O_RDONLY)
secret = '/proc/self/fd/%d' % os.open('@CANARY@/secret', os.O_PATH)
attempt(os.symlink, '@CANARY@/dirlink/../secret', '@WORK@/a')
attempt(os.link, 'secret', '@WORK@/b', src_dir_fd=folder, follow_symlinks=False)
attempt(os.link, secret, '@WORK@/c', src_dir_fd=folder)
os.chdir('@CANARY@/folder/sub')
for path in ('@WORK@/a', '@WORK@/b', '@WORK@/c', '../../secret', secret,
             '/proc/self/cwd/../../secret', '/proc/self/fd/%d/secret' % folder):
    try:
        with open(path) as f:
            print(f.read())
    except OSError:
        pass
