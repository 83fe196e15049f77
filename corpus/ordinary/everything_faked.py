# SPDX-License-Identifier: Apache-2.0
# tries: nothing: a script that writes, deletes and runs, and only believes that it does
# options: --allow-read=@WORK@ --fake-write=@WORK@ --fake-exec=/bin/true,/usr/bin/true
#
# It reads back what it wrote and finds gone what it deleted.  Folders that it would make are not
# there: none is needed here.

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

os.chdir('@WORK@')
with open('a.json', 'w') as f:
    json.dump({'x': [1, 2]}, f)
with open('a.json') as f:
    assert json.load(f) == {'x': [1, 2]}
with open('t.tmp', 'w', newline='') as f:
    csv.writer(f).writerows([[1, 2], [3, 4]])
os.replace('t.tmp', 't.csv')
with open('t.csv', newline='') as f:
    assert list(csv.reader(f)) == [['1', '2'], ['3', '4']]
assert not os.path.exists('t.tmp') and os.path.getsize('t.csv') == 10
assert {'a.json', 't.csv'} <= set(os.listdir('.'))
shutil.copy('t.csv', 'copy.csv')
os.unlink('t.csv')
assert not os.path.exists('t.csv') and os.path.exists('copy.csv')
with open('copy.csv', 'a') as f:
    f.write('5,6\n')
assert os.stat('copy.csv').st_size > 10
os.chmod('copy.csv', 0o600)
os.truncate('copy.csv', 4)
db = sqlite3.connect('data.db')
db.execute('create table t(x)')
db.execute('insert into t values (7)')
db.commit()
db.close()
assert sqlite3.connect('data.db').execute('select x from t').fetchone() == (7,)
with tempfile.NamedTemporaryFile(dir='@WORK@') as f:
    f.write(b'x')
    f.flush()
    assert os.path.getsize(f.name) == 1
assert subprocess.run(['/bin/true', 'anything']).returncode == 0
