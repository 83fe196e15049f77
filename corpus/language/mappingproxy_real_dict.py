# SPDX-License-Identifier: Apache-2.0
# tries: get the dictionary behind a read-only view by comparing the view with an object (P09)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# A host keeps what a script may open in a MappingProxyType: the script can read the table and
# cannot change it.  But `proxy == other` hands the comparison to the dictionary itself, and the
# dictionary asks the other side's __eq__, with itself as the argument.

from types import MappingProxyType

ALLOWED = MappingProxyType({'/dev/null': 'w'})


def guarded_open(path):
    return open(path, ALLOWED[path])


class Thief:
    def __eq__(self, table):
        table['@CANARY@/file'] = 'w'
        return True


ALLOWED == Thief()
try:
    guarded_open('@CANARY@/file').write('PWNED')
except OSError as e:
    print(e)
