# SPDX-License-Identifier: Apache-2.0
# tries: pack and unpack zip, tar, gzip, bzip2 and xz in a folder of its own
# options: --allow-read=@WORK@ --allow-write=@WORK@

import bz2
import gzip
import lzma
import os
import tarfile
import zipfile

os.chdir('@WORK@')
os.makedirs('tree/sub')
with open('tree/sub/text', 'w') as f:
    f.write('text' * 1000)
os.symlink('sub/text', 'tree/link')
os.chmod('tree/sub/text', 0o640)

with zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.write('tree/sub/text')
    z.writestr('made/up', 'x')
with zipfile.ZipFile('a.zip') as z:
    assert z.testzip() is None
    z.extractall('unzipped')
assert os.path.getsize('unzipped/tree/sub/text') == 4000

with tarfile.open('a.tar.gz', 'w:gz') as t:
    t.add('tree')
with tarfile.open('a.tar.gz') as t:
    t.extractall('untarred')
assert os.readlink('untarred/tree/link') == 'sub/text'
assert os.stat('untarred/tree/sub/text').st_mode & 0o777 == 0o640

for module in gzip, bz2, lzma:
    with module.open(module.__name__, 'wt') as f:
        f.write('text')
    with module.open(module.__name__, 'rt') as f:
        assert f.read() == 'text'
print(sorted(os.listdir()))
