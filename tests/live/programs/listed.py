# SPDX-License-Identifier: Apache-2.0
"""What listings of a folder show while it is read and changed.  listed.py FOLDER (empty, made by make())"""
import ctypes
import errno
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.opendir.restype = libc.readdir.restype = ctypes.c_void_p
libc.readdir.argtypes = libc.telldir.argtypes = libc.rewinddir.argtypes = [ctypes.c_void_p]
libc.telldir.restype = ctypes.c_long
libc.seekdir.argtypes = [ctypes.c_void_p, ctypes.c_long]
NAME_AT = 19
OLD_NAME_AT = 18


def make(folder):
    os.makedirs(folder + '/sub/d')
    for name in ('sub/a', 'sub/b'):
        with open(f'{folder}/{name}', 'w', encoding='ascii') as f:
            f.write(name)
    os.symlink('a', folder + '/sub/l')
    for kind, count in (('many', 2000), ('gone', 700), ('two', 1500)):
        os.mkdir(f'{folder}/{kind}')
        for i in range(count):
            os.close(os.open(f'{folder}/{kind}/{kind}{i}', os.O_WRONLY | os.O_CREAT))


def failed(call, *args):
    try:
        call(*args)
    except OSError as e:
        return errno.errorcode[e.errno]
    return 'fine'


def read(folder):
    entry = libc.readdir(folder)
    return ctypes.string_at(entry + NAME_AT).decode() if entry else None


def changed():
    print(sorted((e.name, e.is_dir(), e.is_symlink()) for e in os.scandir('sub')))
    os.unlink('sub/a')
    os.mkdir('sub/new')
    with open('sub/b', 'a', encoding='ascii') as f:
        f.write('more')
    print(sorted((e.name, e.is_dir(), e.stat(follow_symlinks=False).st_size if e.is_file() else 0)
                 for e in os.scandir('sub')))
    os.mkdir('empty')
    print(failed(os.rmdir, 'sub'), failed(os.rename, 'empty', 'sub'))
    for name in os.listdir('sub'):
        path = 'sub/' + name
        (os.rmdir if os.path.isdir(path) and not os.path.islink(path) else os.unlink)(path)
    print(failed(os.rename, 'empty', 'sub'), os.listdir('sub'), failed(os.rmdir, 'sub'),
          os.path.exists('sub'))


def seeking():
    folder = libc.opendir(b'many')
    names, places = [], []
    while True:
        places.append(libc.telldir(folder))
        name = read(folder)
        if name is None:
            break
        names.append(name)
    print(len(names), len(set(names)))
    for i in (5, 900, 1999, 3):
        libc.seekdir(folder, places[i])
        assert read(folder) == names[i], i
    libc.rewinddir(folder)
    print(read(folder) == names[0])


def emptied():
    folder = libc.opendir(b'gone')
    seen = []
    while (name := read(folder)) is not None:
        if name.startswith('gone'):
            seen.append(name)
            os.unlink('gone/' + name)
            os.close(os.open('gone/added' + name, os.O_WRONLY | os.O_CREAT))
    print(len(seen), len(set(seen)))
    print(len([name for name in os.listdir('gone') if name.startswith('gone')]))


def shared():
    pairs = list(zip(os.scandir('two'), os.scandir('two')))
    print(len(pairs), all(a.name == b.name for a, b in pairs))
    fd = os.open('two', os.O_RDONLY)
    copy = os.dup(fd)
    print(len(os.listdir(fd)))
    child = os.fork()
    if not child:
        os.lseek(copy, 0, os.SEEK_SET)
        os._exit(0 if len(os.listdir(f'/proc/self/fd/{fd}')) == 1500 else 1)
    print(os.waitpid(child, 0)[1])


def raw():
    """getdents64 and the older getdents, by number; a buffer in which no name has room."""
    for number, at in ((217, NAME_AT), (78, OLD_NAME_AT)):
        fd = os.open('two', os.O_RDONLY)
        buffer = ctypes.create_string_buffer(700)
        names = []
        while (n := libc.syscall(number, fd, buffer, 700)) > 0:
            place = 0
            while place < n:
                size = int.from_bytes(buffer.raw[place + 16:place + 18], 'little')
                names.append(buffer.raw[place + at:place + size].split(b'\0')[0])
                place += size
        print(n, len(names), len(set(names)))
        os.lseek(fd, 0, os.SEEK_SET)
        print(libc.syscall(number, fd, buffer, 20), errno.errorcode[ctypes.get_errno()])
        print(libc.syscall(number, fd, 8, 700), errno.errorcode[ctypes.get_errno()])


if __name__ == '__main__':
    os.chdir(sys.argv[1])
    for part in (changed, seeking, emptied, shared, raw):
        part()
