# SPDX-License-Identifier: Apache-2.0
# tries: compile a call of print, then exchange the name inside the compiled code (P34)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.10
# for: ast
#
# A filter reads the source; what runs is a code object, and code objects can be copied with
# changes.  gi_code is a generator's code, co_names are the names it looks up, and no attribute
# here has an underscore in front.


def harmless():
    yield print('@CANARY@/file', 'w')


forged = harmless().gi_code.replace(co_names=('open',))
try:
    for file in type(harmless)(forged, {})():
        file.write('PWNED')
except OSError as e:
    print(e)
