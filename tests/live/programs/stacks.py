# SPDX-License-Identifier: Apache-2.0
"""Calls os.open in many ways, and says by what stack, on the same line as the call.

Each mark() writes {"n": N, "stack": [[file, line, function], ...]} to standard output and gives the
path /pyjail-stack/N, which the same line then tries to open.  The record must hold the same frames,
innermost first.  {"whole": false}: the record may go on further out.  Runs on Python 3.8 and later.
"""
import asyncio
import ctypes
import functools
import json
import os
import signal
import sys
import threading

HAS_QUALNAME = sys.version_info >= (3, 11)
marks = 0
lock = threading.Lock()


def frames(frame):
    while frame:
        code = frame.f_code
        name = code.co_qualname if HAS_QUALNAME else code.co_name
        yield [os.fsencode(code.co_filename).decode('utf-8', 'replace'), frame.f_lineno or 0,
               name.encode('utf-8', 'replace').decode()]
        frame = frame.f_back


def mark(lines_before=0):
    """Says the caller's stack; a path to open.  The call may begin some lines before this one."""
    global marks
    with lock:
        marks += 1
        n = '%d-%d' % (os.getpid(), marks)
        stack = list(frames(sys._getframe(1)))
        stack[0][1] -= lines_before
        os.write(1, json.dumps(dict(n=n, stack=stack, whole=True)).encode() + b'\n')
    return '/pyjail-stack/' + n




def shape(function):
    shapes.append(function)
    return function


shapes = []


@shape
def nested():
    def outer():
        def inner():
            os.open(mark(), 0)
        inner()
    outer()


@shape
def comprehension():
    [os.open(mark(), 0) for _ in range(2)]


@shape
def comprehensions_of_each_kind():
    for make in (lambda: [os.open(mark(), 0) for i in (1,)],
                 lambda: {os.open(mark(), 0) for i in (1,)},
                 lambda: {i: os.open(mark(), 0) for i in (1,)},
                 lambda: [j for i in (1,) for j in [os.open(mark(), 0) for k in (i,)]]):
        try:
            make()
        except OSError:
            pass


class Thing:
    def method(self):
        os.open(mark(), 0)

    @classmethod
    def of_class(cls):
        os.open(mark(), 0)

    @staticmethod
    def static():
        os.open(mark(), 0)

    @property
    def value(self):
        os.open(mark(), 0)

    def __getattr__(self, name):
        os.open(mark(), 0)

    def __call__(self):
        os.open(mark(), 0)

    def __iter__(self):
        os.open(mark(), 0)

    def __enter__(self):
        os.open(mark(), 0)

    def __exit__(self, *rest):
        pass


@shape
def methods():
    thing = Thing()
    for call in (thing.method, Thing.of_class, Thing.static, lambda: thing.value,
                 lambda: thing.nothing, thing, lambda: list(thing), lambda: thing.__enter__()):
        try:
            call()
        except OSError:
            pass


@shape
def finalizer():
    class Dies:
        def __del__(self):
            try:
                os.open(mark(), 0)
            except OSError:
                pass
    Dies()


@shape
def metaclass():
    class Meta(type):
        def __new__(mcs, name, bases, body):
            os.open(mark(), 0)
    class Made(metaclass=Meta):
        pass


@shape
def class_body():
    class Made:
        os.open(mark(), 0)


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper


@shape
@decorated
@decorated
def decorators():
    os.open(mark(), 0)


@shape
def callbacks_from_c():
    for call in (lambda: list(map(lambda i: os.open(mark(), 0), [1])),
                 lambda: sorted([2, 1], key=lambda i: os.open(mark(), 0)),
                 lambda: functools.reduce(lambda a, b: os.open(mark(), 0), [1, 2]),
                 lambda: functools.partial(lambda i: os.open(mark(), 0), 1)(),
                 lambda: max([1, 2], key=lambda i: os.open(mark(), 0))):
        try:
            call()
        except OSError:
            pass


def generate(depth):
    if depth:
        yield from generate(depth - 1)
    else:
        yield 1
        os.open(mark(), 0)
        yield 2


@shape
def generators():
    for _ in generate(5):
        pass


@shape
def generator_expression():
    sum(os.open(mark(), 0) for _ in range(1))


@shape
def coroutines():
    async def leaf():
        await asyncio.sleep(0)
        os.open(mark(), 0)

    async def middle():
        await leaf()

    async def top():
        await asyncio.gather(middle(), return_exceptions=True)

    asyncio.run(top())


@shape
def asynchronous_generator():
    async def produce():
        yield 1
        os.open(mark(), 0)
        yield 2

    async def top():
        async for _ in produce():
            pass

    asyncio.run(top())


@shape
def many_lines():
    os.open(
        mark(lines_before=1
             ),
        0
    )


@shape
def try_finally_with():
    try:
        try:
            raise ValueError
        except ValueError:
            with Thing.static and open(os.devnull):
                os.open(mark(), 0)
    finally:
        try:
            os.open(mark(), 0)
        except OSError:
            pass


@shape
def executed_text():
    exec(compile('\n\ndef f():\n    os.open(mark(), 0)\n\nf()\n', '<made up>', 'exec'))


@shape
def evaluated_text():
    eval('os.open(mark(), 0)')


@shape
def names_in_other_scripts():
    for name, file in (('f', 'caf\xe9.py'), ('na\xefve', 'x.py'), ('\u6771\u4eac', '\u6771.py'),
                       ('\U0001d4d0', '\U0001f40d.py'), ('e', '\udcff\udcfe.py'),
                       ('g', 'new\nline \x1b[31m"quoted"\\.py'), ('h', 'x' * 3000 + '.py')):
        scope = dict(os=os, mark=mark)
        exec(compile('def %s():\n    os.open(mark(), 0)\n' % name, file, 'exec'), scope)
        function = next(v for k, v in scope.items() if callable(v) and k not in ('mark',))
        try:
            function()
        except OSError:
            pass


@shape
def long_function():
    body = ''.join('    x%d = %d\n' % (i, i) for i in range(3000))
    scope = dict(os=os, mark=mark)
    exec('def long():\n' + body + '    os.open(mark(), 0)\n', scope)
    scope['long']()


def recurse(depth):
    if depth:
        return recurse(depth - 1)
    os.open(mark(), 0)


@shape
def recursion():
    recurse(50)


@shape
def recursion_to_the_limit():
    depth = sys.getrecursionlimit() - len(list(frames(sys._getframe()))) - 60
    recurse(depth)


def ping(depth):
    return pong(depth - 1)


def pong(depth):
    if depth <= 0:
        os.open(mark(), 0)
    return ping(depth - 1)


@shape
def mutual_recursion():
    ping(100)


@shape
def another_thread():
    def work():
        try:
            os.open(mark(), 0)
        except OSError:
            pass
    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@shape
def threads_at_once():
    barrier = threading.Barrier(4)

    def work(depth):
        if depth:
            return work(depth - 1)
        barrier.wait()
        for _ in range(20):
            try:
                os.open(mark(), 0)
            except OSError:
                pass
    threads = [threading.Thread(target=work, args=(i * 7,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@shape
def after_fork():
    pid = os.fork()
    if not pid:
        try:
            os.open(mark(), 0)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


@shape
def after_fork_in_a_thread():
    def work():
        pid = os.fork()
        if not pid:
            try:
                os.open(mark(), 0)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@shape
def ctypes_callback():
    libc = ctypes.CDLL(None)
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    def compare(a, b):
        try:
            os.open(mark(), 0)
        except OSError:
            pass
        return 0
    numbers = (ctypes.c_int * 2)(2, 1)
    libc.qsort(numbers, 2, 4, kind(compare))


@shape
def thread_of_c():
    libc = ctypes.CDLL(None)
    kind = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)

    def work(_):
        try:
            os.open(mark(), 0)
        except OSError:
            pass
    entry = kind(work)
    thread = ctypes.c_ulong()
    libc.pthread_create(ctypes.byref(thread), None, entry, None)
    libc.pthread_join(thread, None)


@shape
def signal_handler():
    def handler(number, frame):
        try:
            os.open(mark(), 0)
        except OSError:
            pass
    signal.signal(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    for _ in range(100):
        pass


@shape
def under_trace():
    def tracer(frame, event, argument):
        return tracer

    def traced():
        x = 1
        os.open(mark(), 0)
    sys.settrace(tracer)
    try:
        traced()
    finally:
        sys.settrace(None)


def make_and_call(prefix, count):
    for i in range(count):
        scope = dict(os=os, mark=mark)
        exec(compile('%sdef %s%d():\n    os.open(mark(), 0)\n' % ('\n' * (i % 3), prefix, i % 3),
                     prefix, 'exec'), scope)
        try:
            scope['%s%d' % (prefix, i % 3)]()
        except OSError:
            pass


@shape
def code_objects_of_forks():
    """Both go on from the same memory and counters: what is equal in one is not in the other.

    Before subinterpreters, after which 3.13.0 cannot fork.
    """
    children = []
    for prefix in ('abc', 'abd', 'xyz'):
        pid = os.fork()
        if not pid:
            make_and_call(prefix, 60)
            os._exit(0)
        children.append(pid)
    make_and_call('own', 60)
    for pid in children:
        os.waitpid(pid, 0)


@shape
def subinterpreter():
    """Only its own frames are known to sys._getframe; the outer ones follow in the record."""
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        try:
            import _interpreters as interpreters
        except ImportError:
            return
    interpreter = interpreters.create()
    text = '''
import json, os, sys
def inner():
    stack, frame = [], sys._getframe()
    while frame:
        code = frame.f_code
        name = code.co_qualname if sys.version_info >= (3, 11) else code.co_name
        stack.append([code.co_filename, frame.f_lineno, name])
        frame = frame.f_back
    stack[0][1] = 12
    os.write(1, json.dumps(dict(n='sub', stack=stack, whole=False)).encode() + b'\\n')
    try: os.open('/pyjail-stack/sub', 0)
    except OSError: pass
inner()
'''
    interpreters.run_string(interpreter, text)


@shape
def code_objects_that_come_and_go():
    """A cache that believes in addresses lies here: each text has its own line and name."""
    count = int(os.environ.get('STACKS_LOOPS', '300'))
    for i in range(count):
        scope = dict(os=os, mark=mark)
        exec(compile('%sdef f%d():\n    os.open(mark(), 0)\n' % ('\n' * (i % 7), i % 11),
                     'text%d' % (i % 5), 'exec'), scope)
        try:
            scope['f%d' % (i % 11)]()
        except OSError:
            pass


@shape
def write_attempts():
    """The other door: opens with write intent."""
    os.open(mark(), os.O_WRONLY | os.O_CREAT)


def main():
    for function in shapes:
        try:
            function()
        except OSError:
            pass


main()
