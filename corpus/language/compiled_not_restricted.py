# SPDX-License-Identifier: Apache-2.0
# tries: run code whose host gave it all the guards and compiled it with the wrong function (P12)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: any
#
# RestrictedPython's guards are names in the globals, and the code calls them only because
# compile_restricted() has rewritten it.  A host that writes compile() has the same globals, no
# error, and no sandbox.  Both sides are here.

CODE = """
classes = ().__class__.__base__.__subclasses__()
wrap_close = [c for c in classes if c.__name__ == '_wrap_close'][0]
wrap_close.__init__.__globals__['__builtins__']['open']('@CANARY@/file', 'w').write('PWNED')
"""


def refuse(*args):
    raise AttributeError('refused')


guards = {'__builtins__': {}, '_getattr_': refuse, '_getitem_': refuse, '_write_': refuse}
try:
    exec(compile(CODE, 'untrusted', 'exec'), guards)
except OSError as e:
    print(e)
