# SPDX-License-Identifier: Apache-2.0
# tries: use file names in many scripts, with spaces, newlines and bytes that are no text
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import unicodedata

names = ['Grüße', '日本語', 'עברית', '🐍', 'a b', "it's", 'a\nb', '-rf', 'x' * 255,
         unicodedata.normalize('NFD', 'é'), unicodedata.normalize('NFC', 'é')]
for name in names:
    with open(os.path.join('@WORK@', name), 'w', encoding='utf-8') as f:
        f.write(name)
assert sorted(os.listdir('@WORK@')) == sorted(names)
for name in names:
    assert open(os.path.join('@WORK@', name), encoding='utf-8').read() == name
    os.unlink(os.path.join('@WORK@', name))

raw = b'@WORK@/caf\xe9'
with open(raw, 'w'):
    pass
assert os.listdir(b'@WORK@') == [b'caf\xe9']
assert os.listdir('@WORK@') == ['caf\udce9']
os.rename(os.fsdecode(raw), raw + b'2')
print(os.listdir(b'@WORK@'))
