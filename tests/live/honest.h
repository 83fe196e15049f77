/* SPDX-License-Identifier: Apache-2.0 */
/*
 * honest.h: ordinary programs and the flags that they plainly need.  Each gets its own folder
 * (app/, with data.csv), an output folder `out` as argv[1], and prints the same every time.
 */
#ifndef TESTS_LIVE_HONEST_H
#define TESTS_LIVE_HONEST_H

#define NO_FLAGS ""
#define OUT_FLAGS "--allow-read=out --allow-write=out"
#define NET_FLAGS "--allow-net"
#define EXEC_FLAGS "--allow-exec=/usr/bin/python3"
/* What multiprocessing spawns looks for its modules in the current folder, too. */
#define SPAWN_FLAGS EXEC_FLAGS " --allow-read=."
#define PTY_FLAGS "--allow-read=/dev/ptmx,/dev/pts --allow-write=/dev/ptmx,/dev/pts"
#define SHM_FLAGS "--allow-read=/dev/shm --allow-write=/dev/shm"

#define TAKE_OUT "import sys, os; out = sys.argv[1]; os.chdir(out)\n"

struct honest_program {
	const char *name;
	const char *flags;       /* between spaces */
	const char *code;
	const char *module;      /* skipped when it is not installed; NULL: the standard library */
};

/* What multiprocessing offers, but for managers: those listen on a Unix socket. */
#define MULTIPROCESSING(method) \
	"import multiprocessing as mp\n" \
	"def square(x): return x * x\n" \
	"def work(q, e, v):\n" \
	"    with v.get_lock(): v.value += 1\n" \
	"    q.put(41); e.set()\n" \
	"def main():\n" \
	"    c = mp.get_context('" method "')\n" \
	"    with c.Pool(2) as pool: print(pool.map(square, range(5)))\n" \
	"    q, e, v = c.Queue(), c.Event(), c.Value('i', 3)\n" \
	"    p = c.Process(target=work, args=(q, e, v)); p.start()\n" \
	"    print(q.get(), e.wait(30)); p.join(); print(p.exitcode, v.value)\n" \
	"    a, b = c.Pipe(); a.send('x'); print(b.recv())\n" \
	"if __name__ == '__main__': main()\n"

static const struct honest_program honest_programs[] = {
	{ "numpy", NO_FLAGS,
	  "import numpy as np\n"
	  "a = np.arange(250000.0).reshape(500, 500)\n"
	  "print((a @ a).sum(), np.linalg.svd(a[:50, :50])[1][0].round(3))\n"
	  "print(np.random.default_rng(1).integers(0, 9, 5), np.fft.fft(a[0])[0])\n", "numpy" },
	{ "numpy_files", OUT_FLAGS,
	  TAKE_OUT "import numpy as np\n"
	  "np.savetxt('m.txt', np.eye(3)); np.save('m.npy', np.eye(3))\n"
	  "np.savez('m.npz', x=np.eye(3))\n"
	  "print(np.loadtxt('m.txt').sum(), np.load('m.npz')['x'].sum(), np.load('m.npy', "
	  "mmap_mode='r+')[0])\n",
	  "numpy" },
	{ "pandas_csv", NO_FLAGS,
	  "import os, pandas as pd\n"
	  "f = pd.read_csv(os.path.join(os.path.dirname(__file__), 'data.csv'))\n"
	  "print(f.groupby('kind').amount.sum()); print(f.describe())\n", "pandas" },
	{ "pandas_write", OUT_FLAGS,
	  TAKE_OUT "import pandas as pd\n"
	  "pd.DataFrame({'a': [1, 2]}).to_csv('t.csv'); print(pd.read_csv('t.csv').a.sum())\n"
	  "pd.DataFrame({'a': [1, 2]}).to_pickle('t.pkl'); "
	  "print(pd.read_pickle('t.pkl'))\n", "pandas" },
	{ "sqlite_memory", NO_FLAGS,
	  "import sqlite3\n"
	  "db = sqlite3.connect(':memory:'); db.execute('create table t (a)')\n"
	  "db.executemany('insert into t values (?)', [(i,) for i in range(1000)])\n"
	  "print(db.execute('select sum(a) from t').fetchone())\n", NULL },
	{ "sqlite_file", OUT_FLAGS,
	  TAKE_OUT "import sqlite3\n"
	  "for mode in 'delete', 'wal', 'truncate':\n"
	  "    db = sqlite3.connect(f'{mode}.db')\n"
	  "    print(db.execute(f'pragma journal_mode={mode}').fetchone())\n"
	  "    with db: db.execute('create table t (a)'); db.execute('insert into t values (7)')\n"
	  "    db.execute('begin immediate'); db.execute('delete from t'); db.rollback()\n"
	  "    print(db.execute('select a from t').fetchall()); db.execute('vacuum'); db.close()\n"
	  "print(sorted(os.listdir('.')))\n", NULL },
	{ "json_csv_zip", OUT_FLAGS,
	  TAKE_OUT "import csv, gzip, json, tarfile, zipfile\n"
	  "json.dump({'a': [1]}, open('a.json', 'w')); print(json.load(open('a.json')))\n"
	  "with open('a.csv', 'w', newline='') as f: csv.writer(f).writerows([[1, 2], [3, 4]])\n"
	  "print(list(csv.reader(open('a.csv'))))\n"
	  "with zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED) as z: z.write('a.json'); "
	  "z.writestr('d/b', 'x')\n"
	  "with zipfile.ZipFile('a.zip') as z: z.extractall('unzipped'); "
	  "print(sorted(z.namelist()))\n"
	  "with tarfile.open('a.tgz', 'w:gz') as t: t.add('unzipped')\n"
	  "with tarfile.open('a.tgz') as t: t.extractall('untarred'); print(sorted(t.getnames()))\n"
	  "with gzip.open('a.gz', 'wt') as f: f.write('text')\n"
	  "print(gzip.open('a.gz', 'rt').read(), "
	  "sorted(os.listdir('untarred/unzipped')))\n", NULL },
	{ "tempfile_rename", OUT_FLAGS,
	  TAKE_OUT "import shutil, tempfile\n"
	  "tempfile.tempdir = out\n"
	  "with tempfile.NamedTemporaryFile('w', dir=out, delete=False) as f:\n"
	  "    f.write('whole'); f.flush(); os.fsync(f.fileno())\n"
	  "os.replace(f.name, 'final')\n"
	  "print(open('final').read(), oct(os.stat('final').st_mode))\n"
	  "with tempfile.TemporaryFile() as f: f.write(b'x'); f.seek(0); print(f.read())\n"
	  "with tempfile.TemporaryDirectory() as d: open(os.path.join(d, 'x'), 'w').close()\n"
	  "with tempfile.SpooledTemporaryFile(4) as f: f.write(b'rolled over'); f.seek(0); "
	  "print(f.read())\n"
	  "shutil.copy2('final', 'copy'); os.makedirs('a/b/c'); shutil.copytree('a', 'z')\n"
	  "shutil.move('z', 'y')\n"
	  "shutil.rmtree('a'); os.chmod('copy', 0o600); os.utime('copy', (1, 2))\n"
	  "os.link('copy', 'hard')\n"
	  "os.symlink('copy', 'soft'); os.truncate('copy', 2)\n"
	  "print(open('soft').read(), os.stat('hard').st_nlink)\n"
	  "print(sorted(os.listdir('.')), os.stat('copy').st_mode & 0o777)\n", NULL },
	{ "logging", OUT_FLAGS,
	  TAKE_OUT "import logging, logging.handlers\n"
	  "h = logging.handlers.RotatingFileHandler('a.log', maxBytes=64, backupCount=2)\n"
	  "logging.basicConfig(handlers=[h], level='INFO', format='%(message)s')\n"
	  "for i in range(20): logging.info('line number %d', i)\n"
	  "print(sorted(os.listdir('.')), open('a.log').read())\n", NULL },
	{ "devnull", EXEC_FLAGS,
	  "import subprocess, sys\n"
	  "print(subprocess.run([sys.executable, '-c', 'print(1)'], stdin=subprocess.DEVNULL,\n"
	  "      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode)\n"
	  "print(subprocess.run([sys.executable, '-c', 'print(input())'], input='in', text=True,\n"
	  "      capture_output=True).stdout)\n"
	  "open('/dev/null', 'w').write('x'); print(open('/dev/zero', 'rb').read(2))\n", NULL },
	{ "threading", NO_FLAGS,
	  "import threading, queue, time\n"
	  "q, total, lock = queue.Queue(), [0], threading.Lock()\n"
	  "def work():\n"
	  "    while (i := q.get()) is not None:\n"
	  "        with lock: total[0] += i\n"
	  "ts = [threading.Thread(target=work) for _ in range(16)]\n"
	  "for t in ts: t.start()\n"
	  "for i in range(2000): q.put(i)\n"
	  "for t in ts: q.put(None)\n"
	  "for t in ts: t.join()\n"
	  "t = threading.Timer(0.01, print, ['timer']); t.start(); t.join(); "
	  "print(total)\n", NULL },
	{ "multiprocessing_fork", SHM_FLAGS, MULTIPROCESSING("fork"), NULL },
	{ "multiprocessing_spawn", SHM_FLAGS " " SPAWN_FLAGS,
	  MULTIPROCESSING("spawn"), NULL },
	{ "shared_memory", SHM_FLAGS " " SPAWN_FLAGS,
	  "from multiprocessing import shared_memory, Process\n"
	  "def work(name):\n"
	  "    s = shared_memory.SharedMemory(name); s.buf[0] += 1; s.close()\n"
	  "if __name__ == '__main__':\n"
	  "    s = shared_memory.SharedMemory(create=True, size=100); s.buf[0] = 7\n"
	  "    p = Process(target=work, args=(s.name,)); p.start(); p.join()\n"
	  "    print(s.buf[0]); s.close(); s.unlink()\n", NULL },
	{ "futures", SHM_FLAGS,
	  "from concurrent.futures import *\n"
	  "def cube(x): return x ** 3\n"
	  "if __name__ == '__main__':\n"
	  "    with ThreadPoolExecutor(8) as e: print(list(e.map(cube, range(9))))\n"
	  "    with ProcessPoolExecutor(2) as e: print([f.result() for f in [e.submit(cube, i) "
	  "for i in range(4)]])\n",
	  NULL },
	{ "asyncio", NO_FLAGS,
	  "import asyncio\n"
	  "async def one(i):\n"
	  "    await asyncio.sleep(0.01 * i); return i\n"
	  "async def main():\n"
	  "    print(await asyncio.gather(*[one(i) for i in range(5)]))\n"
	  "    print(await asyncio.to_thread(sum, [1, 2]))\n"
	  "    try: await asyncio.wait_for(asyncio.sleep(9), 0.05)\n"
	  "    except asyncio.TimeoutError: print('timeout')\n"
	  "asyncio.run(main())\n", NULL },
	{ "asyncio_subprocess", EXEC_FLAGS,
	  "import asyncio, sys\n"
	  "async def main():\n"
	  "    run = asyncio.create_subprocess_exec\n"
	  "    ps = [await run(sys.executable, '-c', f'print({i}); exit({i})',\n"
	  "                    stdout=asyncio.subprocess.PIPE) for i in range(3)]\n"
	  "    for p in ps: print(await p.communicate(), p.returncode)\n"
	  "    p = await run(sys.executable, '-c', 'import time; time.sleep(60)')\n"
	  "    p.terminate(); print(await p.wait())\n"
	  "asyncio.run(main())\n", NULL },
	{ "asyncio_streams", NET_FLAGS,
	  "import asyncio\n"
	  "async def echo(r, w):\n"
	  "    w.write(await r.readline()); await w.drain(); w.close()\n"
	  "async def main():\n"
	  "    s = await asyncio.start_server(echo, '127.0.0.1', 0)\n"
	  "    r, w = await asyncio.open_connection(*s.sockets[0].getsockname())\n"
	  "    w.write(b'hello\\n'); print(await r.readline()); w.close(); s.close()\n"
	  "asyncio.run(main())\n", NULL },
	{ "http", NET_FLAGS,
	  "import http.server, threading, urllib.request\n"
	  "class H(http.server.BaseHTTPRequestHandler):\n"
	  "    def do_GET(self): self.send_response(200); self.end_headers(); "
	  "self.wfile.write(self.path.encode())\n"
	  "    def log_message(self, *a): pass\n"
	  "s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)\n"
	  "threading.Thread(target=s.serve_forever, daemon=True).start()\n"
	  "opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
	  "print(opener.open(f'http://127.0.0.1:{s.server_port}/x').read())\n"
	  "import uuid; print(uuid.uuid1().version)\n"
	  "import socket\n"
	  "print(socket.getaddrinfo('localhost', 80, type=socket.SOCK_STREAM)[-1][4][1])\n", NULL },
	{ "ssl_hashlib", NO_FLAGS,
	  "import hashlib, hmac, secrets, ssl\n"
	  "c = ssl.create_default_context()\n"
	  "print(c.verify_mode, c.check_hostname, len(c.get_ca_certs()) >= 0)\n"
	  "print(hashlib.sha256(b'x').hexdigest(), hmac.new(b'k', b'm', "
	  "'sha512').hexdigest()[:9])\n"
	  "print(hashlib.pbkdf2_hmac('sha256', b'p', b's', 1000).hex(), "
	  "len(secrets.token_bytes(9)))\n", NULL },
	{ "time_locale", NO_FLAGS,
	  "import calendar, datetime, locale, time, zoneinfo\n"
	  "print(datetime.datetime(2020, 7, 1, "
	  "tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).utcoffset())\n"
	  "print(len(zoneinfo.available_timezones()) > 400, time.localtime(0).tm_year in (1969, "
	  "1970))\n"
	  "locale.setlocale(locale.LC_ALL, ''); print(locale.getlocale(), calendar.month_name[1])\n"
	  "import gettext; print(gettext.gettext('no such message'))\n", NULL },
	{ "machine", NO_FLAGS,
	  "import getpass, os, platform, pwd, resource, shutil, socket, sysconfig, uuid\n"
	  "print(platform.platform(), platform.processor(), platform.libc_ver(), "
	  "platform.freedesktop_os_release()['ID'])\n"
	  "print(bool(getpass.getuser()), pwd.getpwnam('root').pw_uid, "
	  "len(os.sched_getaffinity(0)), os.cpu_count())\n"
	  "print(uuid.uuid4().version, os.getloadavg() is not None, "
	  "os.sysconf('SC_NPROCESSORS_ONLN'))\n"
	  "print(sysconfig.get_paths()['stdlib'], shutil.which('ls'), "
	  "shutil.get_terminal_size(), resource.getpagesize())\n"
	  "print(os.getcwd() == os.environ['PWD'] or 1, socket.gethostname() == "
	  "platform.node())\n", NULL },
	{ "library", NO_FLAGS,
	  "import argparse, cProfile, configparser, dataclasses, decimal, email, fractions, "
	  "html, importlib.metadata\n"
	  "import importlib.resources, inspect, io, pathlib, pdb, pickle, pkgutil, pstats, "
	  "random, re, statistics\n"
	  "import string, textwrap, timeit, traceback, tracemalloc, typing, unicodedata, "
	  "warnings, xml.etree.ElementTree\n"
	  "p = argparse.ArgumentParser(); p.add_argument('out')\n"
	  "p.add_argument('-n', type=int, default=3)\n"
	  "print(p.parse_args(['x', '-n', '4'])); random.seed(1)\n"
	  "print(random.random(), decimal.Decimal(1) / 3)\n"
	  "@dataclasses.dataclass\n"
	  "class Point:\n"
	  "    x: int\n"
	  "print(pickle.loads(pickle.dumps(Point(3))), inspect.getsource(Point), "
	  "timeit.timeit('1', number=9) > 0)\n"
	  "print(importlib.resources.files('email').joinpath('architecture.rst').is_file())\n"
	  "here = pathlib.Path(__file__).parent\n"
	  "print(sorted(f.name for f in here.glob('*.csv')))\n"
	  "pr = cProfile.Profile(); pr.enable(); sorted(range(9)); pr.disable()\n"
	  "pstats.Stats(pr, stream=io.StringIO()).print_stats(); tracemalloc.start()\n"
	  "print(tracemalloc.is_tracing())\n"
	  "print(len(list(pkgutil.iter_modules())) > 100, "
	  "xml.etree.ElementTree.fromstring('<a/>').tag)\n"
	  "warnings.simplefilter('ignore')\n"
	  "print(len(list(importlib.metadata.distributions())) >= 0)\n"
	  "try: 1 / 0\n"
	  "except ZeroDivisionError: print(traceback.format_exc())\n", NULL },
	{ "terminal", NO_FLAGS,
	  "import curses, readline, rlcompleter, code, cmd, termios, tty, pty, getpass\n"
	  "readline.parse_and_bind('tab: complete'); curses.setupterm('xterm', 1)\n"
	  "print(curses.tigetnum('colors'))\n", NULL },
	{ "pty", PTY_FLAGS,
	  "import os, pty, termios, tty\n"
	  "m, s = pty.openpty()\n"
	  "print(os.isatty(s), os.ttyname(s)[:9], len(termios.tcgetattr(s)))\n"
	  "tty.setraw(s); os.write(s, b'x'); print(os.read(m, 9))\n"
	  "pid, fd = pty.fork()\n"
	  "if pid == 0:\n"
	  "    os.write(1, b'%d %d' % (os.isatty(0), open('/dev/tty').fileno() > 2))\n"
	  "    os.read(0, 9); os._exit(0)\n"
	  "print(os.read(fd, 99)); os.write(fd, b'\\n'); print(os.waitpid(pid, 0)[1])\n", NULL },
	{ "mmap_ctypes", OUT_FLAGS,
	  TAKE_OUT "import array, ctypes, ctypes.util, fcntl, mmap, select, signal, struct\n"
	  "m = mmap.mmap(-1, 4096); m[:4] = b'anon'; print(m[:4])\n"
	  "with open('mapped', 'w+b') as f:\n"
	  "    f.truncate(4096); m = mmap.mmap(f.fileno(), 0); m[:4] = b'file'; m.flush()\n"
	  "    fcntl.flock(f, fcntl.LOCK_EX)\n"
	  "print(open('mapped', 'rb').read(4), ctypes.CDLL('libc.so.6').abs(-3))\n"
	  "signal.signal(signal.SIGALRM, lambda *a: print('alarm'))\n"
	  "signal.setitimer(signal.ITIMER_REAL, 0.01)\n"
	  "signal.pause(); r, w = os.pipe(); os.write(w, b'x')\n"
	  "print(select.select([r], [], [], 1)[0] == [r])\n"
	  "p = select.epoll(); p.register(r); print(len(p.poll(1))); os.mkfifo('fifo')\n"
	  "if os.fork() == 0: open('fifo', 'w').write('through'); os._exit(0)\n"
	  "print(open('fifo').read(), os.wait()[1])\n", NULL },
	{ "signals", NO_FLAGS,
	  "import errno, os, signal\n"
	  "def t(f, *a):\n"
	  "    try: return f(*a)\n"
	  "    except OSError as e: return errno.errorcode[e.errno]\n"
	  "print(t(signal.pidfd_send_signal, 0, 2), t(signal.pidfd_send_signal, 999, 2))\n"
	  "pid = os.fork()\n"
	  "if pid == 0: signal.pause(); os._exit(0)\n"
	  "fd = os.pidfd_open(pid)\n"
	  "print(t(signal.pidfd_send_signal, fd, 15), os.waitpid(pid, 0)[1])\n"
	  "print(t(signal.pidfd_send_signal, fd, 15), t(os.kill, pid, 0), t(os.kill, "
	  "os.getpid(), 999))\n"
	  "signal.signal(signal.SIGUSR1, lambda *a: print('usr1'))\n"
	  "os.kill(os.getpid(), signal.SIGUSR1)\n"
	  "signal.raise_signal(signal.SIGUSR1); print(t(os.killpg, os.getpgrp(), 0))\n", NULL },
};

#endif
