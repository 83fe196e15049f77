# SPDX-License-Identifier: Apache-2.0
# tries: create names by os.mkfifo and os.mknod, which raise no audit event (P23)
# proof: changed
# expect: mknodat write deny EACCES @CANARY@/fifo
# expect: mknodat write deny EACCES @CANARY@/plain
# for: audit
#
# Events exist for mkdir, symlink, link, rename and remove.  Nobody gave one to mkfifo and mknod;
# mknod makes plain files as well.

import os

for make, name in (os.mkfifo, 'fifo'), (os.mknod, 'plain'):
    try:
        make('@CANARY@/' + name)
    except OSError as e:
        print(e)
