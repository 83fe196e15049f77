# SPDX-License-Identifier: Apache-2.0
# tries: use SQLite in memory and in a file, in each journal mode, with roll-back, backup and vacuum
# options: --allow-read=@WORK@ --allow-write=@WORK@
#
# Journals are created, locked, synchronised, renamed and deleted beside the database; WAL maps a
# shared file.

import os
import sqlite3

memory = sqlite3.connect(':memory:')
memory.execute('create table t (a)')
memory.executemany('insert into t values (?)', [(i,) for i in range(1000)])
assert memory.execute('select sum(a) from t').fetchone() == (499500,)

for mode in 'delete', 'truncate', 'persist', 'wal', 'memory', 'off':
    db = sqlite3.connect(f'@WORK@/{mode}.db')
    assert db.execute(f'pragma journal_mode={mode}').fetchone() == (mode,)
    with db:
        db.execute('create table t (a)')
        db.execute('insert into t values (7)')
    if mode != 'off':
        db.execute('begin immediate')
        db.execute('delete from t')
        db.rollback()
    assert db.execute('select a from t').fetchall() == [(7,)]
    db.execute('vacuum')
    db.close()

memory.commit()
with sqlite3.connect('@WORK@/backup.db') as copy:
    memory.backup(copy)
    assert copy.execute('select count(*) from t').fetchone() == (1000,)
print(sorted(os.listdir('@WORK@')))
