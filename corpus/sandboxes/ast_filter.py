# SPDX-License-Identifier: Apache-2.0
"""A filter of the syntax tree: no imports, no calls of dangerous functions by name, no dunder attributes.

What passes is compiled and run with the usual builtins.
"""
import ast

import harness

BANNED_CALLS = {'__import__', 'breakpoint', 'compile', 'delattr', 'dir', 'eval', 'exec', 'getattr', 'globals',
                'input', 'locals', 'open', 'setattr', 'vars'}


class Refused(Exception):
    pass


def check(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            raise harness.CannotExpress(f'line {node.lineno}: imports are not allowed')
    for node in ast.walk(tree):
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and node.func.id in BANNED_CALLS):
            raise Refused(f'line {node.lineno}: {node.func.id}() is not allowed')
        if isinstance(node, ast.Attribute) and node.attr.startswith('__'):
            raise Refused(f'line {node.lineno}: .{node.attr} is not allowed')
        if isinstance(node, ast.Name) and node.id.startswith('__'):
            raise Refused(f'line {node.lineno}: {node.id} is not allowed')


def run(code, namespace=None):
    tree = ast.parse(code)
    check(tree)
    exec(compile(tree, 'untrusted', 'exec'),
         {'__name__': 'untrusted'} if namespace is None else namespace)


HONEST = """
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

points = sorted([Point(3, 1), Point(1, 2)], key=lambda p: p.x)
result = [f'{p.x}:{p.y}' for p in points]
"""


def honest():
    namespace = {'__name__': 'untrusted'}
    run(HONEST, namespace)
    return namespace['result'] == ['1:2', '3:1']


if __name__ == '__main__':
    harness.main(run, honest)
