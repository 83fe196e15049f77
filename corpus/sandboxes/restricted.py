# SPDX-License-Identifier: Apache-2.0
"""RestrictedPython, with the guards and the modules that its own documentation and Zope lend to scripts.

--path=DIR: a folder with the package RestrictedPython, when Python's own is not meant.
"""
import builtins
import re

import harness

# What RestrictedPython.Utilities and Zope's Python Scripts let be imported.
MODULES = ('math', 'random', 'string')


class Print:
    """print() writes where it always does; _print_ is RestrictedPython's door to it."""

    def __init__(self, getattr_=None):
        pass

    def write(self, text):
        print(text, end='')

    def _call_print(self, *objects, **options):
        print(*objects, **options)


def metaclass(name, bases, members):
    """As Zope's: a script may set attributes of the objects of its own classes."""
    made = type(name, bases, members)
    made._guarded_writes = True
    return made


def inplace(operator, x, y):
    import operator as operators
    names = {'+=': 'iadd', '-=': 'isub', '*=': 'imul', '/=': 'itruediv', '//=': 'ifloordiv',
             '%=': 'imod', '**=': 'ipow', '<<=': 'ilshift', '>>=': 'irshift', '|=': 'ior',
             '^=': 'ixor', '&=': 'iand', '@=': 'imatmul'}
    return getattr(operators, names[operator])(x, y)


def scope():
    from RestrictedPython import limited_builtins, safe_builtins, utility_builtins
    from RestrictedPython.Eval import default_guarded_getitem, default_guarded_getiter
    from RestrictedPython.Guards import (full_write_guard, guarded_iter_unpack_sequence,
                                         guarded_unpack_sequence, safer_getattr)

    def guarded_import(name, globals=None, locals=None, fromlist=(), level=0):
        if name not in MODULES:
            raise ImportError(f'{name} may not be imported')
        return utility_builtins.get(name) or __import__(name)

    return {
        '__builtins__': {
            **safe_builtins, **limited_builtins, **utility_builtins, '__import__': guarded_import,
            'getattr': safer_getattr, 'all': all, 'any': any, 'dict': dict, 'enumerate': enumerate,
            'filter': filter, 'iter': iter, 'list': list, 'map': map, 'max': max, 'min': min,
            'next': next, 'reversed': reversed, 'set': set, 'sum': sum,
        },
        '__name__': 'untrusted', '__metaclass__': metaclass, '_print_': Print,
        '_getattr_': safer_getattr, '_getitem_': default_guarded_getitem,
        '_getiter_': default_guarded_getiter, '_write_': full_write_guard,
        '_iter_unpack_sequence_': guarded_iter_unpack_sequence,
        '_unpack_sequence_': guarded_unpack_sequence, '_inplacevar_': inplace,
    }


def compile_it(code):
    from RestrictedPython import compile_restricted
    try:
        return compile_restricted(code, 'untrusted', 'exec')
    except SyntaxError as e:
        # Names with underscores are what the rules are there for; a statement that is not known
        # is refused whatever it does.
        if re.search(r'statements? (is|are) not allowed|not supported', str(e)):
            raise harness.CannotExpress(e) from e
        raise


def run(code, namespace=None):
    names = scope()
    compiled = compile_it(code)
    try:
        exec(compiled, names)
    except ImportError as e:
        raise harness.CannotExpress(e) from e
    except NameError as e:
        name = re.match(r"name '(\w+)' is not defined", str(e))
        if name and hasattr(builtins, name[1]):
            raise harness.CannotExpress(e) from e
        raise
    if namespace is not None:
        namespace.update(names)


HONEST = """
import math

class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def length(self):
        return math.sqrt(self.x ** 2 + self.y ** 2)

lengths = [point.length() for point in [Point(3, 4), Point(6, 8)]]
total = 0
for length in lengths:
    total += length
result = {'total': total, 'text': 'sum ' + str(int(total))}
"""


def version():
    from importlib.metadata import PackageNotFoundError, version
    try:
        return version('RestrictedPython')
    except PackageNotFoundError:
        return 'of a version that it does not say'


def honest():
    namespace = {}
    run(HONEST, namespace)
    print('RestrictedPython', version())
    return namespace['result'] == {'total': 15.0, 'text': 'sum 15'}


if __name__ == '__main__':
    harness.main(run, honest)
