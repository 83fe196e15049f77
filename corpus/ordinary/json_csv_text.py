# SPDX-License-Identifier: Apache-2.0
# tries: write and read JSON, CSV and INI text in a folder of its own
# options: --allow-read=@WORK@ --allow-write=@WORK@

import configparser
import csv
import json
import pathlib

work = pathlib.Path('@WORK@')
rows = [{'name': 'Grüße', 'n': '1'}, {'name': 'a,"b"\n', 'n': '2'}]

(work / 'a.json').write_text(json.dumps(rows, ensure_ascii=False), encoding='utf-8')
assert json.loads((work / 'a.json').read_text(encoding='utf-8')) == rows

with open(work / 'a.csv', 'w', newline='', encoding='utf-8') as f:
    writer = csv.DictWriter(f, ['name', 'n'])
    writer.writeheader()
    writer.writerows(rows)
with open(work / 'a.csv', newline='', encoding='utf-8') as f:
    assert list(csv.DictReader(f)) == rows

config = configparser.ConfigParser()
config['server'] = {'port': '80', 'url': 'http://%(host)s/', 'host': 'example'}
with open(work / 'a.ini', 'w') as f:
    config.write(f)
again = configparser.ConfigParser()
assert again.read(work / 'a.ini')
assert again.getint('server', 'port') == 80
print(again['server']['url'])
