# SPDX-License-Identifier: Apache-2.0
"""exec() with empty __builtins__: no names, no imports."""
import builtins
import re

import harness


def run(code, namespace=None):
    scope = {} if namespace is None else namespace
    scope['__builtins__'] = {}
    try:
        exec(compile(code, 'untrusted', 'exec'), scope)
    except ImportError as e:
        raise harness.CannotExpress(e) from e
    except NameError as e:
        name = re.match(r"name '(\w+)' is not defined", str(e))
        if name and hasattr(builtins, name[1]) or '__build_class__' in str(e):
            raise harness.CannotExpress(e) from e
        raise


HONEST = """
def total(numbers):
    value = 0
    for number in numbers:
        value += number * number
    return value

result = {'total': total([1, 2, 3]), 'text': ', '.join(['a', 'b'])}
"""


def honest():
    namespace = {}
    run(HONEST, namespace)
    return namespace['result'] == {'total': 14, 'text': 'a, b'}


if __name__ == '__main__':
    harness.main(run, honest)
