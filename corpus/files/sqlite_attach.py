# SPDX-License-Identifier: Apache-2.0
# tries: have the database library make files: ATTACH, VACUUM INTO, a journal (P40)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/attached
# expect: openat write deny EACCES @CANARY@/vacuumed
#
# The names are inside SQL text; C code opens them, with flags of its own, and makes a journal
# beside them that nobody named at all.

import sqlite3

database = sqlite3.connect(':memory:', isolation_level=None)
database.execute('create table t (x)')
for sql in ("attach '@CANARY@/attached' as a", 'create table a.t (x)',
            "vacuum into '@CANARY@/vacuumed'"):
    try:
        database.execute(sql)
    except sqlite3.Error:
        pass
