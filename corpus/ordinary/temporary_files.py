# SPDX-License-Identifier: Apache-2.0
# tries: use every kind of temporary file and folder, below TMPDIR
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import tempfile

tempfile.tempdir = '@WORK@'

with tempfile.TemporaryFile() as f:             # O_TMPFILE: it never has a name
    f.write(b'x')
    f.seek(0)
    assert f.read() == b'x'
with tempfile.NamedTemporaryFile('w') as f:
    f.write('y')
    f.flush()
    assert open(f.name).read() == 'y'
with tempfile.TemporaryDirectory() as folder:
    os.makedirs(os.path.join(folder, 'a/b'))
    open(os.path.join(folder, 'a/b/c'), 'w').close()
with tempfile.SpooledTemporaryFile(4) as f:
    f.write(b'rolled over')
    f.seek(0)
    assert f.read() == b'rolled over'
fd, name = tempfile.mkstemp()
os.close(fd)
os.unlink(name)
assert os.listdir('@WORK@') == []
print('nothing is left')
