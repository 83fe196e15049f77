# SPDX-License-Identifier: Apache-2.0
# tries: find out that a hidden folder is there by the errors that only a folder gives
# proof: printed
# options: --allow-read=@CANARY@,@WORK@ --allow-write=@WORK@ --hide=@CANARY@/folder
# expect: mkdir write hide EACCES @CANARY@/folder
# expect: rmdir delete hide ENOENT @CANARY@/folder
# wall2: no: Landlock cannot hide anything
#
# The token, which may be read, is printed only when something told that the folder is there: EEXIST, ENOTDIR,
# EISDIR, ENOTEMPTY, EBUSY where a name that is not there gives ENOENT, a way that leads through it.

import errno
import os

def error_of(action, *args, **more):
    try:
        action(*args, **more)
    except OSError as e:
        return e.errno
    return 0

with open('@CANARY@/secret') as f:
    token = f.read()
hidden, nothing = '@CANARY@/folder', '@CANARY@/nothing'
there = False
for action, *args in ((os.stat,), (os.lstat,), (os.rmdir,), (os.chdir,), (os.listdir,),
                      (os.readlink,), (os.open, os.O_RDONLY), (os.open, os.O_WRONLY),
                      (os.open, os.O_PATH), (os.statvfs,), (os.getxattr, 'user.x'),
                      (os.listxattr,), (os.truncate, 0), (os.unlink,), (os.rename, '@WORK@/x'),
                      (os.link, '@WORK@/x'), (os.execv, ['x']), (os.chmod, 0o700),
                      (os.chown, -1, -1), (os.utime,)):
    for tail in ('', '/', '/.', '/..', '/../secret', '/inner/x', '/none', '/sub/../../secret'):
        there |= error_of(action, hidden + tail, *args) != error_of(action, nothing + tail, *args)
there |= error_of(os.mkdir, hidden) == errno.EEXIST
there |= error_of(os.symlink, 'x', hidden) == errno.EEXIST
there |= os.access(hidden, os.F_OK) or os.path.isdir('@CANARY@/dirlink')
there |= 'folder' in os.listdir('@CANARY@')
if there:
    print(token)
