# SPDX-License-Identifier: Apache-2.0
# tries: let libraries write files as a by-product: a profile, a database, an archive (P41)
# proof: changed
# options: --allow-read=@CANARY@
# expect: openat write deny EACCES @CANARY@/profile
# expect: openat write deny EACCES @CANARY@/database.dat
# expect: openat write deny EACCES @CANARY@/archive.tar
# for: any
#
# A good part of the standard library writes something somewhere, under names that are chosen at
# run time.  A guard would have to know each of them.

import cProfile
import dbm.dumb
import shutil

for attack in (lambda: cProfile.run('pass', '@CANARY@/profile'),
               lambda: dbm.dumb.open('@CANARY@/database', 'n').close(),
               lambda: shutil.make_archive('@CANARY@/archive', 'tar', '@CANARY@/empty')):
    try:
        attack()
    except OSError as e:
        print(e)
