# SPDX-License-Identifier: Apache-2.0
# tries: create databases by the SQL statements ATTACH and VACUUM INTO (P40)
# proof: changed
# expect: openat write deny EACCES @CANARY@/attached.db
# expect: openat write deny EACCES @CANARY@/vacuumed.db
# for: audit
#
# The only thing that Python is asked for is a database in memory.  The names of files are in SQL,
# and SQLite opens them in C: neither an event nor a name in the syntax tree says so.

import sqlite3

db = sqlite3.connect(':memory:')
db.execute('create table t (a)')
for statement in ("attach '@CANARY@/attached.db' as other", 'create table other.t (a)',
                  "vacuum into '@CANARY@/vacuumed.db'"):
    try:
        db.execute(statement)
    except sqlite3.Error as e:
        print(e)
