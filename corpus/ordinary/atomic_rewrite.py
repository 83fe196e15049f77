# SPDX-License-Identifier: Apache-2.0
# tries: rewrite a file so that readers see the old or the new one: write, fsync, rename
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import tempfile


def rewrite(path, text):
    folder = os.path.dirname(path)
    with tempfile.NamedTemporaryFile('w', dir=folder, delete=False) as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
        os.fchmod(f.fileno(), 0o644)
    os.replace(f.name, path)
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(fd)
    os.close(fd)


for text in 'old', 'new':
    rewrite('@WORK@/file', text)
assert open('@WORK@/file').read() == 'new'
assert os.listdir('@WORK@') == ['file']
print(oct(os.stat('@WORK@/file').st_mode))
