# SPDX-License-Identifier: Apache-2.0
# tries: nothing: ordinary work in a folder where some files are hidden
# options: --allow-read=@WORK@ --allow-write=@WORK@ --allow-exec=sh,cat,ls --hide=@WORK@/**/.env --hide=@CANARY@
#
# What is hidden is not missed, and what is not hidden is as it always was.

import glob
import os
import pathlib
import shutil
import subprocess
import tempfile

os.chdir('@WORK@')
os.makedirs('a/b/c', exist_ok=True)
for name in ('a/x.txt', 'a/b/y.txt', 'a/b/c/z.txt'):
    pathlib.Path(name).write_text(name)
os.symlink('a/b', 'link')
assert sorted(os.listdir('a')) == ['b', 'x.txt']
assert len(glob.glob('**/*.txt', recursive=True)) >= 3
assert [e.name for e in os.scandir('a/b/c')] == ['z.txt']
assert pathlib.Path('link/c').resolve().name == 'c'
assert not os.path.exists('a/.env')
shutil.copytree('a', 'copy')
os.rename('copy/x.txt', 'copy/w.txt')
shutil.move('copy/w.txt', 'w.txt')
assert subprocess.run(['cat', 'w.txt'], capture_output=True, text=True).stdout == 'a/x.txt'
assert 'b' in subprocess.run(['ls', 'a'], capture_output=True, text=True).stdout
assert subprocess.run('cd a && cat b/*.txt', shell=True, capture_output=True).stdout
with tempfile.TemporaryDirectory(dir='@WORK@') as folder:
    os.chdir(folder)
    assert os.getcwd() == os.path.realpath(folder)
    os.chdir('@WORK@')
shutil.rmtree('copy')
