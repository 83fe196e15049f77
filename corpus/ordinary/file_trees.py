# SPDX-License-Identifier: Apache-2.0
# tries: make, walk, match, copy, move, change and remove a tree of files, links and folders
# options: --allow-read=@WORK@ --allow-write=@WORK@

import glob
import os
import pathlib
import shutil

os.chdir('@WORK@')
root = pathlib.Path('tree')
for i in range(3):
    (root / f'd{i}').mkdir(parents=True)
    for j in range(3):
        (root / f'd{i}' / f'f{j}.txt').write_text(f'{i}{j}')

assert len(list(root.rglob('*.txt'))) == 9
assert len(glob.glob('tree/*/f1.txt')) == 3
assert sum(len(files) for _, _, files in os.walk('tree')) == 9
with os.scandir('tree') as entries:
    assert sorted(e.name for e in entries if e.is_dir()) == ['d0', 'd1', 'd2']

shutil.copytree('tree', 'copy')
shutil.copy2('tree/d0/f0.txt', 'single')
shutil.move('copy/d0', 'moved')
os.rename('moved/f0.txt', 'moved/renamed')
os.symlink('single', 'soft')
os.link('single', 'hard')
os.chmod('single', 0o600)
os.utime('single', (1, 2))
os.truncate('single', 1)
assert pathlib.Path('soft').read_text() == '0'
assert os.stat('hard').st_nlink == 2 and os.stat('hard').st_size == 1
shutil.rmtree('tree')
os.unlink('hard')
assert shutil.disk_usage('.').total > 0
print(sorted(os.listdir()))
