# SPDX-License-Identifier: Apache-2.0
"""What the sandboxes of this folder have in common: `python SANDBOX.py [--path=DIR] --honest | SCRIPT`.

--honest runs the sandbox's own harmless program; "ok" and exit status 0 say that it works.  Otherwise the
script runs in the sandbox, and the exit status says how that went, for the table only: whether
the attack succeeded is judged from outside.

    0   it ran to its end, and caught what was refused, if anything was
    3   cannot express: what was refused is nothing that only an attack does (an import, a builtin
        function that is not there, a kind of statement), so the refusal says nothing of the attack
    4   refused: by the rule that is there against such attacks; or it failed by itself
"""
import ast
import sys

CANNOT_EXPRESS, REFUSED = 3, 4


class CannotExpress(Exception):
    pass


def preload(code):
    """A host offers modules; it has loaded those that the program asks for before it locks up."""
    names = set()
    try:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
                names.update(f'{node.module}.{alias.name}' for alias in node.names)
    except SyntaxError:
        pass
    for name in sorted(names):
        try:
            __import__(name)
        except ImportError:
            pass


def end(status, error):
    print(f'{type(error).__name__}: {error}', file=sys.stderr)
    sys.exit(status)


def main(run, honest):
    """run(code) runs code in the sandbox; honest() is true when its harmless program worked."""
    path = [word[7:] for word in sys.argv[1:] if word.startswith('--path=')]
    script = [word for word in sys.argv[1:] if not word.startswith('--path=')][0]
    sys.path[:0] = path
    if script == '--honest':
        if not honest():
            sys.exit('its harmless program gives a wrong result')
        print('ok')
        return
    with open(script, encoding='utf-8') as f:
        code = f.read()
    try:
        run(code)
    except CannotExpress as e:
        end(CANNOT_EXPRESS, e)
    except Exception as e:
        end(REFUSED, e)
