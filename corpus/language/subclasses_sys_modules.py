# SPDX-License-Identifier: Apache-2.0
# tries: reach sys.modules, and so os.unlink, through the globals of a class of codecs (P01)
# proof: changed
# expect: unlink delete deny EACCES @CANARY@/file
# for: exec
#
# It need not be the builtins: any class whose module has imported sys will do, since sys knows all
# modules that are loaded.  codecs is loaded in every interpreter.

for c in ().__class__.__base__.__subclasses__():
    if c.__name__ == 'IncrementalEncoder' and c.__module__ == 'codecs':
        sys = c.__init__.__globals__['sys']

try:
    sys.modules['os'].unlink('@CANARY@/file')
except:     # even OSError has no name here
    pass
