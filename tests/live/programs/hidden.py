# SPDX-License-Identifier: Apache-2.0
"""Asks everything that can be asked about t/S, by every name it may be given, and writes the answers
to w/answers.  Where S is hidden they are the same whatever stands there: test_hide.c compares them.
"""
import ctypes
import os
import socket
import struct
import sys

B = os.getcwd()
T, S, W = B + '/t', B + '/t/S', B + '/w'
AT_FDCWD, EMPTY, NOFOLLOW, FOLLOW = -100, 0x1000, 0x100, 0x400
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
answers = open(W + '/answers', 'w', encoding='ascii')
folder = os.open(T, os.O_RDONLY | os.O_DIRECTORY)
room = ctypes.create_string_buffer(4096)


def call(number, *args):
    """The result, or the negative errno."""
    turned = [ctypes.c_char_p(a) if isinstance(a, bytes) else
              ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *turned)
    return -ctypes.get_errno() if result == -1 else result


def opened(number, *args):
    fd = call(number, *args)
    if fd >= 0:
        os.close(fd)
        return 'a descriptor'
    return fd


def how(flags, resolve):
    return ctypes.create_string_buffer(struct.pack('QQQ', flags, 0o600 if flags & 0o100 else 0,
                                                   resolve), 24)


def connect(path):
    name = struct.pack('H', socket.AF_UNIX) + path[:107] + b'\0'
    return call(42, pair[0].fileno(), name, len(name))


O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_NOFOLLOW = 0o100, 0o200, 0o1000, 0o200000, 0o400000
O_TMPFILE, O_PATH = 0o20200000, 0o10000000
opens = [0, 1, 2, O_DIRECTORY, O_NOFOLLOW, O_PATH, O_PATH | O_NOFOLLOW, 1 | O_TRUNC, 1 | O_CREAT,
         1 | O_CREAT | O_EXCL, O_CREAT, 2 | O_CREAT | O_NOFOLLOW, 2 | O_TMPFILE, O_DIRECTORY | O_CREAT]
argv = (ctypes.c_char_p * 2)(b'x', None)
calls = {}
for f in opens:
    calls[f'open {f:o}'] = lambda p, f=f: opened(2, p, f, 0o600)
    calls[f'openat {f:o}'] = lambda p, f=f: opened(257, AT_FDCWD, p, f, 0o600)
    calls[f'openat2 {f:o}'] = lambda p, f=f: opened(437, AT_FDCWD, p, how(f, 0), 24)
for r in (1, 2, 4, 8, 0x10, 0x20):
    calls[f'openat2 resolve {r}'] = lambda p, r=r: opened(437, AT_FDCWD, p, how(0, r), 24)
for m in range(8):
    calls[f'access {m}'] = lambda p, m=m: call(21, p, m)
    calls[f'faccessat2 {m}'] = lambda p, m=m: call(439, AT_FDCWD, p, m, NOFOLLOW if m & 1 else 0)
calls.update({
    'creat': lambda p: opened(85, p, 0o600),
    'stat': lambda p: call(4, p, room),
    'lstat': lambda p: call(6, p, room),
    'stat nowhere': lambda p: call(4, p, 1),
    'fstatat': lambda p: call(262, AT_FDCWD, p, room, 0),
    'fstatat nofollow': lambda p: call(262, AT_FDCWD, p, room, NOFOLLOW),
    'fstatat empty': lambda p: call(262, AT_FDCWD, p, room, EMPTY),
    'statx': lambda p: call(332, AT_FDCWD, p, 0, 0xfff, room),
    'statx nofollow': lambda p: call(332, AT_FDCWD, p, NOFOLLOW, 0xfff, room),
    'readlink': lambda p: call(89, p, room, 4096),
    'readlinkat': lambda p: call(267, AT_FDCWD, p, room, 1),
    'statfs': lambda p: call(137, p, room),
    'getxattr': lambda p: call(191, p, b'user.x', room, 64),
    'lgetxattr': lambda p: call(192, p, b'user.x', room, 64),
    'listxattr': lambda p: call(194, p, room, 64),
    'llistxattr': lambda p: call(195, p, room, 64),
    'setxattr': lambda p: call(188, p, b'user.x', b'x', 1, 0),
    'lsetxattr': lambda p: call(189, p, b'user.x', b'x', 1, 0),
    'removexattr': lambda p: call(197, p, b'user.x'),
    'getxattrat': lambda p: call(464, AT_FDCWD, p, 0, b'user.x', room, 16),
    'file_getattr': lambda p: call(468, AT_FDCWD, p, room, 24, 0),
    'chdir': lambda p: call(80, p),
    'truncate': lambda p: call(76, p, 0),
    'chmod': lambda p: call(90, p, 0o600),
    'fchmodat2': lambda p: call(452, AT_FDCWD, p, 0o600, NOFOLLOW),
    'chown': lambda p: call(92, p, -1, -1),
    'lchown': lambda p: call(94, p, -1, -1),
    'utimensat': lambda p: call(280, AT_FDCWD, p, 0, 0),
    'utimensat nofollow': lambda p: call(280, AT_FDCWD, p, 0, NOFOLLOW),
    'utime': lambda p: call(132, p, 0),
    'unlink': lambda p: call(87, p),
    'rmdir': lambda p: call(84, p),
    'unlinkat': lambda p: call(263, AT_FDCWD, p, 0x200),
    'rename from': lambda p: call(82, p, os.fsencode(W + '/new')),
    'rename from, over': lambda p: call(82, p, os.fsencode(W + '/full')),
    'rename to': lambda p: call(82, os.fsencode(W + '/keep'), p),
    'rename folder to': lambda p: call(82, os.fsencode(W + '/full'), p),
    'rename swap': lambda p: call(316, AT_FDCWD, os.fsencode(W + '/keep'), AT_FDCWD, p, 2),
    'rename noreplace': lambda p: call(316, AT_FDCWD, os.fsencode(W + '/keep'), AT_FDCWD, p, 1),
    'link from': lambda p: call(86, p, os.fsencode(W + '/new')),
    'link from, over': lambda p: call(86, p, os.fsencode(W + '/keep')),
    'linkat from': lambda p: call(265, AT_FDCWD, p, AT_FDCWD, os.fsencode(W + '/new'), FOLLOW),
    'link to': lambda p: call(86, os.fsencode(W + '/keep'), p),
    'symlink': lambda p: call(88, b'x', p),
    'mkdir': lambda p: call(83, p, 0o700),
    'mknod': lambda p: call(133, p, 0o100600, 0),
    'execve': lambda p: call(59, p, argv, 0),
    'execveat': lambda p: call(322, AT_FDCWD, p, argv, 0, NOFOLLOW),
    'name_to_handle_at': lambda p: call(303, AT_FDCWD, p, room, room, FOLLOW),
    'inotify': lambda p: call(254, watcher, p, 0xfff),
    'mount': lambda p: call(165, b'x', p, b'tmpfs', 0, 0),
    'umount': lambda p: call(166, p, 0),
    'chroot': lambda p: call(161, p),
    'acct': lambda p: call(163, p),
    'swapon': lambda p: call(167, p, 0),
    'open_tree': lambda p: opened(428, AT_FDCWD, p, 0),
    'quotactl': lambda p: call(179, 0x80000700, p, 0, room),
    'connect': connect,
})
watcher = call(294, 0)
pair = socket.socketpair()
names = [S, S + '/', S + '//', S + '/.', S + '/..', S + '/../pub', S + '/./../pub', S + '/x', S + '/x/',
         S + '/x/y', S + '/../S', S + '/in', S + '/in/..', S + '/in/../../pub', 't/S', './t/./S',
         '//' + S, 't/pub/../S', 't/pub/../S/../pub', 't/link', 't/link/', 't/link/.', 't/link/../pub',
         't/link/in', 't/chain', 't/chain/../pub', 't/deep', 't/deep/..', '/proc/self/cwd/t/S',
         '/proc/self/root' + S, '/proc/self/cwd/t/S/../pub', f'/proc/self/fd/{folder}/S',
         f'/dev/fd/{folder}/S', f'/proc/self/fd/{folder}/S/../pub', 't/S/' + 'n' * 255,
         't/S/' + 'n' * 256, 't/pub/back', 't/pub/back/../pub', 't/loop', '']


def put(name, what, answer):
    print(f'{name[len(B):] if name.startswith(B) else name}: {what}: {answer}', file=answers)


def ask(name, what):
    for keep in ('keep', 'full'):
        if not os.path.exists(W + '/' + keep):
            (open(W + '/keep', 'w').close if keep == 'keep' else lambda: os.mkdir(W + '/full'))()
    os.chdir(B)
    answer = calls[what](os.fsencode(name))
    put(name, what, answer)
    if os.getcwd() != B:
        put(name, 'where', os.getcwd()[len(B):])
    os.chdir(B)


# What two names of the own folder would change is put right by the test; here they are left alone.
harmless = {'unlink', 'rmdir', 'unlinkat', 'rename from', 'rename from, over', 'rename swap',
            'rename to', 'rename noreplace', 'rename folder to', 'symlink', 'link to', 'mkdir', 'mknod'}
for name in names:
    is_own = name.split('/')[-1] in ('link', 'chain', 'deep', 'back', 'loop') or name in ('t/link/',)
    for what in calls:
        if not (is_own and what in harmless):
            ask(name, what)

# Relative to a descriptor, and through its current folder.
for what, f in (('openat', lambda n: opened(257, folder, n, 0)),
                ('openat create', lambda n: opened(257, folder, n, 0o101, 0o600)),
                ('openat2', lambda n: opened(437, folder, n, how(0, 8), 24)),
                ('fstatat', lambda n: call(262, folder, n, room, 0)),
                ('mkdirat', lambda n: call(258, folder, n, 0o700)),
                ('unlinkat', lambda n: call(263, folder, n, 0)),
                ('execveat', lambda n: call(322, folder, n, argv, 0, 0))):
    for name in (b'S', b'S/', b'S/../pub', b'link', b'S/in'):
        if not (name == b'link' and what == 'unlinkat'):
            put(name.decode(), what, f(name))
os.chdir(T)
for name in ('S', '../t/S', 'S/..', 'pub/../S'):
    put(name, 'stat in t', call(4, os.fsencode(name), room))
    put(name, 'chdir in t', call(80, os.fsencode(name)))
    os.chdir(T)

# Programs that would be run by it: the interpreter of a #! line.
for line in (S, S + '/../pub/file', S + '/in', B + '/t/link', B + '/t/link/../pub/file', S + '/.'):
    with open(W + '/script', 'w') as f:
        f.write('#!' + line + '\n')
    os.chmod(W + '/script', 0o700)
    put(line, 'interpreter', call(59, os.fsencode(W + '/script'), argv, 0))
os.unlink(W + '/script')

# Listings, whatever the size of the buffer; old and new.
for number, kind in ((217, 'new'), (78, 'old')):
    for size in (1, 24, 32, 40, 48, 64, 100, 4096, 1 << 20):
        fd = os.open(T, os.O_RDONLY | os.O_DIRECTORY)
        many = ctypes.create_string_buffer(min(size, 1 << 17))
        found, got = [], 1
        while got > 0:
            got = call(number, fd, many, size)
            at = 0
            while at < got:
                length = struct.unpack_from('H', many, at + 16)[0]
                found.append(many.raw[at + (19 if number == 217 else 18):at + length].split(b'\0')[0])
                at += length
        put('t', f'{kind} listing {size}', (sorted(found), got))
        os.close(fd)
put('t', 'scandir', sorted((e.name, e.is_symlink()) for e in os.scandir(T)))
put('t', 'walk', sorted((p[len(B):], sorted(d), sorted(f)) for p, d, f in os.walk(T)))
answers.close()
sys.exit(0)
