# Random file operations below a folder, the same for the same seed: what each gave, and in the end
# all that is there.  Run on a plain folder and in a view, and the two outputs compared.
import errno, os, random, stat, sys

seed, root = int(sys.argv[1]), sys.argv[2]
steps = int(sys.argv[3]) if len(sys.argv) > 3 else 120
r = random.Random(seed)
OLD = 1000000000
os.umask(0o022)
os.chdir(root)
held = []


def path():
    depth = r.randint(1, 3)
    parts = [r.choice("aabbcdel") for _ in range(depth)]
    if depth > 2 and r.random() < .1:
        parts[1] = ".."
    return "/".join(parts)


def where():
    """Absolute, relative, relative to a descriptor, below /proc/self/cwd."""
    p, how = path(), r.randrange(8)
    if how == 0:
        return os.path.join(root, p), None
    if how == 1 and held:
        return p, r.choice(held)
    if how == 2:
        return "/proc/self/cwd/" + p, None
    if how == 3:
        return "./" + p, None
    return p, None


def tell(st):
    kind = stat.S_IFMT(st.st_mode)
    is_dir = stat.S_ISDIR(st.st_mode)
    return (oct(st.st_mode), st.st_uid, st.st_gid, 0 if is_dir else st.st_nlink, 0 if is_dir else st.st_size,
            int(st.st_mtime) == OLD, kind)


def shown(text):
    return text.replace(root, "ROOT")


def do_open():
    flags = r.choice([os.O_RDONLY, os.O_WRONLY, os.O_RDWR]) | os.O_NONBLOCK
    for f in (os.O_CREAT, os.O_EXCL, os.O_TRUNC, os.O_APPEND, os.O_NOFOLLOW):
        if r.random() < .25:
            flags |= f
    mode = r.choice([0o600, 0o644, 0o755, 0o400])
    p, d = where()
    fd = os.open(p, flags, mode, dir_fd=d)
    try:
        out = [tell(os.fstat(fd)), shown(os.readlink(f"/proc/self/fd/{fd}"))]
        if flags & 3 != os.O_WRONLY and not stat.S_ISDIR(os.fstat(fd).st_mode):
            out.append(os.read(fd, 100))
        if flags & 3 != os.O_RDONLY:
            out.append(os.write(fd, b"<%d>" % r.randrange(1000)))
            if r.random() < .2:
                os.ftruncate(fd, r.randrange(50))
            if r.random() < .2:
                import mmap
                if os.fstat(fd).st_size and flags & 3 == os.O_RDWR:
                    with mmap.mmap(fd, 0) as m:
                        m[0] = 65
        return out
    finally:
        os.close(fd)


def do_tmpfile():
    p, d = where()
    fd = os.open(p, os.O_TMPFILE | os.O_RDWR, 0o600, dir_fd=d)
    try:
        os.write(fd, b"tmp")
        if r.random() < .5:
            to, td = where()
            # Without a descriptor Python calls link(2), which means the link below /proc itself.
            if td is not None:
                os.link(f"/proc/self/fd/{fd}", to, dst_dir_fd=td, follow_symlinks=True)
        return tell(os.fstat(fd))
    finally:
        os.close(fd)


def do_stat():
    p, d = where()
    return tell(os.stat(p, dir_fd=d, follow_symlinks=r.random() < .5))


def do_access():
    p, d = where()
    return [os.access(p, m, dir_fd=d) for m in (os.F_OK, os.R_OK, os.W_OK, os.X_OK)]


def do_list():
    p, d = where()
    fd = os.open(p, os.O_RDONLY | os.O_DIRECTORY, dir_fd=d)
    try:
        with os.scandir(fd) as it:
            first = sorted((e.name, e.is_dir(follow_symlinks=False), e.is_symlink(),
                            e.inode() == os.stat(e.name, dir_fd=fd, follow_symlinks=False).st_ino or "?")
                           for e in it)
        os.lseek(fd, 0, os.SEEK_SET)
        again = sorted(os.listdir(fd))
        assert again == sorted(n for n, *_ in first), (again, first)
        return [f[:3] for f in first]
    finally:
        os.close(fd)


def do_rename():
    (a, ad), (b, bd) = where(), where()
    return r.choice([os.rename, os.replace])(a, b, src_dir_fd=ad, dst_dir_fd=bd)


def do_link():
    (a, ad), (b, bd) = where(), where()
    return os.link(a, b, src_dir_fd=ad, dst_dir_fd=bd, follow_symlinks=False)


def do_symlink():
    p, d = where()
    return os.symlink(r.choice([path(), os.path.join(root, path())]), p, dir_fd=d)


def do_chdir():
    p, d = where()
    if d is not None or p.startswith("/proc"):
        return None
    os.chdir(p)
    return shown(os.getcwd()), shown(os.readlink("/proc/self/cwd"))


def do_back():
    os.chdir(root)


def do_fchdir():
    if held:
        os.fchdir(r.choice(held))
    return shown(os.getcwd())


def do_hold():
    if len(held) > 3:
        os.close(held.pop(0))
    p, d = where()
    held.append(os.open(p, os.O_RDONLY | os.O_DIRECTORY, dir_fd=d))
    return shown(os.readlink(f"/proc/self/fd/{held[-1]}"))


def do_fork():
    pid = os.fork()
    if pid == 0:
        for _ in range(5):
            one(quiet=True)
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def simple(call, *more, follow=None, times=None):
    def run():
        p, d = where()
        args = [m() for m in more]
        extra = {} if follow is None else {"follow_symlinks": True}
        if times:
            return call(p, times=times, dir_fd=d)
        return call(p, *args, dir_fd=d, **extra)
    run.__qualname__ = call.__name__
    return run


def on_path(call, *more):
    def run():
        p, d = where()
        if d is None:
            return call(p, *[m() for m in more])
    run.__qualname__ = call.__name__
    return run


def readlink():
    p, d = where()
    return shown(os.readlink(p, dir_fd=d))


# Always to be searched: who stands in a folder below one that is shut needs no right to that one,
# and a view, which looks paths up from the root, does (docs/SCRATCH.md).
modes = lambda: r.choice([0o755, 0o700, 0o711, 0o555, 0o500, 0o775])
calls = [do_open] * 6 + [do_stat] * 3 + [do_list] * 2 + [do_rename] * 4 + [
    do_tmpfile, do_access, do_link, do_symlink, do_chdir, do_back, do_fchdir, do_hold, do_fork, readlink,
    simple(os.mkdir, modes), simple(os.mkdir, modes), simple(os.rmdir), simple(os.unlink), simple(os.unlink),
    simple(os.chmod, modes), simple(os.utime, times=(OLD, OLD)), simple(os.utime), simple(os.mkfifo),
    on_path(os.truncate, lambda: r.randrange(60)),
]


def one(quiet=False):
    call = r.choice(calls)
    try:
        result = call()
    except OSError as e:
        result = errno.errorcode.get(e.errno)
    if not quiet:
        print(getattr(call, "__qualname__", call), result, flush=True)


def contents(p):
    try:
        fd = os.open(p, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as e:
        return errno.errorcode[e.errno]
    try:
        return os.read(fd, 1000)
    finally:
        os.close(fd)


def look(folder, f):
    p = os.path.join(folder, f)
    try:
        st = os.lstat(p)
        return tell(st), shown(os.readlink(p)) if stat.S_ISLNK(st.st_mode) else (
            contents(p) if stat.S_ISREG(st.st_mode) else "")
    except OSError as e:
        return errno.errorcode[e.errno]


for _ in range(steps):
    one()
os.chdir(root)
for folder, names, files in sorted(os.walk(root)):
    print(shown(folder), look(folder, "."), sorted(names))
    for f in sorted(files):
        print(" ", f, look(folder, f))
