# SPDX-License-Identifier: Apache-2.0
# tries: without builtins, leave an object whose __del__ writes after the sandbox has returned (P11)
# proof: changed
# expect: openat write deny EACCES @CANARY@/file
# for: exec
#
# There is no __build_class__, but the class of a class makes classes.  The object is in a cycle
# with itself: it dies when the collector comes by or when the interpreter ends, and whatever
# watched the call of exec() is over then.

classes = ().__class__.__base__.__subclasses__()
wrap_close = [c for c in classes if c.__name__ == '_wrap_close'][0]
builtins = wrap_close.__init__.__globals__['__builtins__']


def write(self, open_file=builtins['open'], error=builtins['OSError']):
    try:
        open_file('@CANARY@/file', 'w').write('PWNED')
    except error:
        pass


bomb = ().__class__.__class__('Bomb', (), {'__del__': write})()
bomb.self = bomb
