/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_bridge.c: tricks around calls that are on their way through the tracer, arguments
 * that cannot be read, and limits and modes that must hold for what the tracer does for the script.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/* At both doors of the tracer: calls come by notification, and with Landlock by the stop. */
static void check_says(const char *const options[], const char *code, const char *expected)
{
	for (int has_landlock = 0; has_landlock < 2; has_landlock++) {
		const char *words[8] = { NULL };
		struct jail jail;
		size_t n = 0;

		while (options && options[n] && n < ARRAY_SIZE(words) - 2) {
			words[n] = options[n];
			n++;
		}
		if (has_landlock)
			words[n] = jail_stop_door();
		if (access(jail_path("w"), F_OK) < 0)
			ck_assert_int_eq(mkdir(jail_path("w"), 0755), 0);
		attack_script(&jail, words, has_landlock, code);
		ck_assert_msg(!jail.timed_out && jail.status == 0 && !strcmp(jail.out, expected),
			      "status %d signal %d\n%.1000s%.2000s", jail.status, jail.signal, jail.out,
			      jail.err);
		jail_free(&jail);
	}
}

/*
 * Handlers in machine code: each counts its runs, and the times that number 215 (what bridged calls
 * become) answered anything but ENOSYS.
 */
#define HANDLER \
	"import mmap, signal, struct, threading, time\n" \
	"libc.mmap.restype = ctypes.c_void_p\n" \
	"libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]\n" \
	"libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]\n" \
	"page = libc.mmap(None, 4096, 7, 0x22, -1, 0)\n" \
	"code = bytes.fromhex('b8d7000000 0f05 48ba')\n" \
	"code += struct.pack('Q', page + 2048) + bytes.fromhex('f048ff02 4883f8da 7408 48ff4208 90909090 c3')\n" \
	"ctypes.memmove(page, code, len(code))\n" \
	"runs, wrong = (ctypes.c_uint64.from_address(page + 2048 + 8 * i) for i in range(2))\n" \
	"def handle(number): libc.signal(number, page)\n" \
	"def make_many(name, n):\n" \
	"    'Exclusive creates, each once; how many went wrong.'\n" \
	"    bad = 0\n" \
	"    for i in range(n):\n" \
	"        fd = libc.syscall(257, AT_FDCWD, b'%s/%s-%d' % (b(W), name, i), 0o301, 0o600)\n" \
	"        if fd < 0: bad += 1\n" \
	"        else: os.close(fd)\n" \
	"    return bad\n"

START_TEST(the_number_of_bridged_calls_is_nothing_by_itself)
{
	check_says(NULL,
		   "path = b(W + '/never')\n"
		   "print({attempt(sc, 215, *a) for a in ((), (AT_FDCWD, path, 0o101, 0o600),\n"
		   "      (path, 0o101, 0o600), (1, 2, 3, 4, 5, 6), (-1,) * 6, (215 << 32, path))},\n"
		   "      os.listdir(W))\n", "{'ENOSYS'} []\n\nsure\n");
}
END_TEST

START_TEST(that_number_in_a_handler_gets_nobodys_file)
{
	check_says(NULL, HANDLER
		   "handle(signal.SIGALRM)\n"
		   "signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)\n"
		   "bad = make_many(b'a', 600)\n"
		   "signal.setitimer(signal.ITIMER_REAL, 0)\n"
		   "print(bad, len(os.listdir(W)), runs.value > 20, wrong.value)\n"
		   "for n in os.listdir(W): os.unlink(W + '/' + n)\n", "0 600 True 0\n\nsure\n");
}
END_TEST

/* One thread creates, another calls the bare number as fast as it can. */
START_TEST(that_number_in_another_thread_gets_nobodys_file)
{
	check_says(NULL, HANDLER
		   "over = False\n"
		   "def steal():\n"
		   "    while not over:\n"
		   "        if libc.syscall(215, AT_FDCWD, b(W + '/stolen'), 0o101, 0o600) != -1:\n"
		   "            wrong.value += 1\n"
		   "t = threading.Thread(target=steal); t.start()\n"
		   "bad = make_many(b'a', 300)\n"
		   "over = True; t.join()\n"
		   "print(bad, len(os.listdir(W)), wrong.value)\n"
		   "for n in os.listdir(W): os.unlink(W + '/' + n)\n", "0 300 0\n\nsure\n");
}
END_TEST

/* Stopped and continued, with signals between, while calls are on their way. */
START_TEST(stopping_and_continuing_loses_and_doubles_nothing)
{
	check_says(NULL, HANDLER
		   "handle(signal.SIGUSR1)\n"
		   "pid = os.fork()\n"
		   "if pid == 0:\n"
		   "    bad = []\n"
		   "    ts = [threading.Thread(target=lambda k=k: bad.append(make_many(b'%d' % k, 200)))\n"
		   "          for k in range(3)]\n"
		   "    [t.start() for t in ts]; [t.join() for t in ts]\n"
		   "    print(sum(bad), len(os.listdir(W)), wrong.value, flush=True)\n"
		   "    os._exit(0)\n"
		   "while os.waitpid(pid, os.WNOHANG)[0] == 0:\n"
		   "    for number in 19, 10, 18, 10: os.kill(pid, number)\n"
		   "    time.sleep(0.0005)\n"
		   "for n in os.listdir(W): os.unlink(W + '/' + n)\n", "0 600 0\n\nsure\n");
}
END_TEST

/* A fork copies the thread, not the call that it has on its way; exec ends it. */
START_TEST(forks_and_execs_beside_bridged_calls)
{
	static const char *const options[] = { "--allow-exec=/usr/bin/true", NULL };

	check_says(options, HANDLER
		   "over, bad = False, []\n"
		   "def create():\n"
		   "    i = 0\n"
		   "    while not over:\n"
		   "        bad.append(make_many(b'%d-%d' % (threading.get_native_id(), i), 20)); i += 1\n"
		   "ts = [threading.Thread(target=create) for i in range(2)]\n"
		   "[t.start() for t in ts]\n"
		   "for i in range(60):\n"
		   "    pid = os.fork()\n"
		   "    if pid == 0:\n"
		   "        r = libc.syscall(215, 1, 2, 3)\n"
		   "        if i % 2: libc.execv(b'/usr/bin/true', (ctypes.c_char_p * 2)(b'true', None))\n"
		   "        libc.syscall(231, 0 if r == -1 else 1)\n"
		   "    if os.waitpid(pid, 0)[1]: print('a child went wrong')\n"
		   "over = True; [t.join() for t in ts]\n"
		   "print(sum(bad), len(os.listdir(W)) == 20 * len(bad))\n"
		   "for n in os.listdir(W): os.unlink(W + '/' + n)\n", "0 True\n\nsure\n");
}
END_TEST

/* The leader blocks in an open that a worker does, another thread execs: the call is over. */
START_TEST(an_exec_over_a_blocked_leader)
{
	static const char *const options[] = { "--allow-exec=/usr/bin/true", NULL };

	for (int i = 0; i < 3; i++)
		check_says(options,
			   "import threading, time\n"
			   "if not os.path.exists(W + '/fifo'): os.mkfifo(W + '/fifo')\n"
			   "print('\\nsure', flush=True)\n"
			   "def replace():\n"
			   "    time.sleep(0.1)\n"
			   "    os.execv('/usr/bin/true', ['true'])\n"
			   "threading.Thread(target=replace).start()\n"
			   "open(W + '/fifo')\n", "\nsure\n");
}
END_TEST

/* ---- nothing is made for a script that cannot have it ---- */

START_TEST(without_a_free_descriptor_nothing_is_made_or_cut)
{
	check_says(NULL,
		   "import resource\n"
		   "open(W + '/full', 'w').write('text')\n"
		   "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
		   "got = []\n"
		   "for limit in 0, 1, 2, 3:\n"
		   "    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))\n"
		   "    for name, flags in (b'/new', 0o101), (b'/full', 0o1001), (b'/full', 0o1000),\\\n"
		   "                       (b'/new', 0o301), (b'', 0o20200002):\n"
		   "        r = libc.syscall(257, AT_FDCWD, b(W) + name, flags, 0o600)\n"
		   "        got.append(ctypes.get_errno() if r == -1 else 0)\n"
		   "        if r >= 0: os.close(r)\n"
		   "resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))\n"
		   "print(set(got), os.listdir(W), open(W + '/full').read())\n",
		   "{24} ['full'] text\n\nsure\n");
}
END_TEST

START_TEST(the_scripts_own_file_size_limit_holds)
{
	check_says(NULL,
		   "import resource, signal\n"
		   "signal.signal(signal.SIGXFSZ, lambda *a: print('signal', flush=True))\n"
		   "open(W + '/f', 'w').write('text')\n"
		   "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 1000))\n"
		   "print(attempt(os.truncate, W + '/f', 101), os.path.getsize(W + '/f'))\n"
		   "print(attempt(os.truncate, W + '/f', 100), os.path.getsize(W + '/f'))\n"
		   "print(attempt(os.truncate, W + '/f', -1), os.path.getsize(W + '/f'))\n",
		   "signal\nEFBIG 4\nNone 100\nEINVAL 100\n\nsure\n");
}
END_TEST

/* Threads share a mask, processes do not; what the tracer creates has the one of its process. */
START_TEST(each_process_has_its_own_umask)
{
	check_says(NULL,
		   "import threading\n"
		   "def made(name, mask):\n"
		   "    fd = os.open(f'{W}/{name}', os.O_CREAT | os.O_WRONLY, 0o777)\n"
		   "    ok = os.fstat(fd).st_mode & 0o777 == 0o777 & ~mask; os.close(fd)\n"
		   "    os.mkdir(f'{W}/{name}.d', 0o777)\n"
		   "    ok = ok and os.stat(f'{W}/{name}.d').st_mode & 0o777 == 0o777 & ~mask\n"
		   "    os.unlink(f'{W}/{name}'); os.rmdir(f'{W}/{name}.d')\n"
		   "    return ok\n"
		   "wrong, pids = 0, []\n"
		   "for mask in 0, 0o22, 0o77, 0o777, 0o27:\n"
		   "    pid = os.fork()\n"
		   "    if pid == 0:\n"
		   "        os.umask(mask)\n"
		   "        os._exit(sum(not made(f'{mask}-{i}', mask) for i in range(100)))\n"
		   "    pids.append(pid)\n"
		   "print([os.waitpid(p, 0)[1] for p in pids])\n"
		   "t = threading.Thread(target=os.umask, args=(0o70,)); t.start(); t.join()\n"
		   "print(made('thread', 0o70), oct(os.umask(0o1234567)), oct(os.umask(0)))\n",
		   "[0, 0, 0, 0, 0]\nTrue 0o70 0o567\n\nsure\n");
}
END_TEST

/* ---- rights that would outlive the jail ---- */

START_TEST(no_file_with_another_identity_is_made)
{
	check_says(NULL,
		   "import array, fcntl, struct\n"
		   "f = W + '/f'; open(f, 'w').write('#!/bin/sh\\n'); fd = os.open(f, os.O_RDWR)\n"
		   "ways = [lambda m: os.chmod(f, m), lambda m: os.fchmod(fd, m),\n"
		   "        lambda m: sc(452, AT_FDCWD, b(f), m, 0), lambda m: sc(90, b(f), m | 0x77 << 32),\n"
		   "        lambda m: os.open(W + '/g', os.O_CREAT | os.O_WRONLY, m),\n"
		   "        lambda m: os.open(W, os.O_TMPFILE | os.O_RDWR, m),\n"
		   "        lambda m: sc(85, b(W + '/g'), m), lambda m: os.mknod(W + '/g', m),\n"
		   "        lambda m: os.mknod(W + '/g', 0o100000 | m),\n"
		   "        lambda m: os.mknod(W + '/g', 0o20000 | m, os.makedev(1, 3)),\n"
		   "        lambda m: os.mknod(W + '/g', 0o60000 | m, os.makedev(254, 0)),\n"
		   "        lambda m: sc(437, AT_FDCWD, b(W + '/g'), struct.pack('QQQ', 0o101, m, 0), 24)]\n"
		   "print({attempt(way, m) for way in ways for m in (0o4755, 0o2755, 0o6777)})\n"
		   "for name in 'security.capability', 'trusted.x', 'security.selinux':\n"
		   "    value = struct.pack('<IIIII', 0x2000001, 0xffffffff, 0, 0xffffffff, 0)\n"
		   "    print(attempt(os.setxattr, f, name, value), attempt(os.setxattr, fd, name, value))\n"
		   "print(sorted(os.listdir(W)), oct(os.stat(f).st_mode), os.listxattr(f))\n"
		   "os.unlink(f)\n",
		   "{'EPERM'}\nEPERM EPERM\nEPERM EPERM\nEPERM EPERM\n['f'] 0o100644 []\n\nsure\n");
}
END_TEST

START_TEST(devices_are_not_changed)
{
	check_says(NULL,
		   "n = [os.open('/dev/' + d, os.O_RDWR) for d in ('null', 'zero')]\n"
		   "before = [os.stat('/dev/null'), os.stat('/dev/zero')]\n"
		   "got = set()\n"
		   "for fd, path in (n[0], '/dev/null'), (n[1], '/dev/zero'):\n"
		   "    for what in fd, path, f'/proc/self/fd/{fd}':\n"
		   "        got.add(attempt(os.chmod, what, 0o600)); got.add(attempt(os.utime, what, (1, 1)))\n"
		   "        got.add(attempt(os.chown, what, os.getuid(), os.getgid()))\n"
		   "        got.add(attempt(os.setxattr, what, 'user.a', b'x'))\n"
		   "    got.add(attempt(os.unlink, path)); got.add(attempt(os.rename, path, W + '/x'))\n"
		   "    got.add(attempt(os.link, path, W + '/x'))\n"
		   "print(got - {'EPERM', 'EACCES'}, [os.stat('/dev/null'), os.stat('/dev/zero')] == before)\n",
		   "set() True\n\nsure\n");
}
END_TEST

/* ---- arguments ---- */

START_TEST(arguments_that_cannot_be_read_are_errors)
{
	check_says(NULL,
		   "import mmap\n"
		   "libc.mmap.restype = ctypes.c_void_p\n"
		   "libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]\n"
		   "libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]\n"
		   "two = libc.mmap(None, 8192, 3, 0x22, -1, 0); libc.munmap(two + 4096, 4096)\n"
		   "none = libc.mmap(None, 4096, 0, 0x22, -1, 0)\n"
		   "def at_end(text):\n"
		   "    ctypes.memmove(two + 4096 - len(text), text, len(text)); return two + 4096 - len(text)\n"
		   "bad = [0, 1, none, two + 4096, -1, 1 << 62, at_end(b'x' * 300), 0x7ffffffff000]\n"
		   "calls = {2: 1, 87: 1, 82: 2, 83: 1, 84: 1, 86: 2, 88: 2, 90: 1, 76: 1, 92: 1, 132: 1, 133: 1,\n"
		   "         59: 1, 85: 1, 188: 2, 257: (1,), 263: (1,), 258: (1,), 437: (1, 2), 266: (0, 2)}\n"
		   "got = set()\n"
		   "for nr, where in calls.items():\n"
		   "    for p in bad:\n"
		   "        args = [p, p, 0o101, 0] if isinstance(where, int) else [AT_FDCWD, p, p if nr == 437 else 0o101, 24]\n"
		   "        if nr == 266: args = [p, AT_FDCWD, p]\n"
		   "        got.add(attempt(sc, nr, *args))\n"
		   "print(got)\n"
		   "name = b(W + '/end') + bytes(1)\n"
		   "print(sc(2, at_end(name), 0o101, 0o600) > 0, sc(87, at_end(name)), os.listdir(W))\n",
		   "{'EFAULT'}\nTrue 0 []\n\nsure\n");
}
END_TEST

/* AT_FDCWD is a folder to start from, and no descriptor. */
START_TEST(the_current_folder_is_no_descriptor)
{
	check_says(NULL,
		   "os.chdir(W); before = os.stat('.')\n"
		   "print({attempt(sc, 91, fd, 0o700) for fd in (-100, -1, 1 << 31)},\n"
		   "      attempt(sc, 93, -100, -1, -1), attempt(sc, 190, -100, b'user.a', b'x', 1, 0),\n"
		   "      attempt(sc, 199, -100, b'user.a'), os.stat('.') == before)\n",
		   "{'EBADF'} EBADF EBADF EBADF True\n\nsure\n");
}
END_TEST

START_TEST(long_and_awkward_names)
{
	check_says(NULL,
		   "os.chdir(W)\n"
		   "def fails(path): return attempt(lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)))\n"
		   "pad = b(W) + b'/' + b'./' * 3000\n"
		   "for n in 4095, 4096, 5000:\n"
		   "    path = pad[:n - 2] + b'/x' if pad[n - 3:n - 2] != b'/' else pad[:n - 1] + b'x'\n"
		   "    print(n, len(path) == n, fails(path), os.path.exists('x'))\n"
		   "    if os.path.exists('x'): os.unlink('x')\n"
		   "print(fails(b'y' * 255), fails(b'y' * 256), fails(b''), fails(b'a/'), fails(b'/'), fails(b'.'))\n"
		   "odd = [b'\\xff\\xfe', b'new\\nline', b'\\x1b[2J', b' ', b'\\xc3\\xa9', b'-', b'(deleted)', b'x (deleted)']\n"
		   "print([fails(n) for n in odd], sorted(os.listdir(b'.')) == sorted(odd + [b'y' * 255]))\n"
		   "for n in os.listdir(b'.'): os.unlink(n)\n"
		   "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
		   "print(fails(b'x'), attempt(os.mkdir, 'x'), fails(b'../back'), os.listdir(W))\n"
		   "os.unlink('../back')\n",
		   "4095 True None True\n4096 True ENAMETOOLONG False\n5000 True ENAMETOOLONG False\n"
		   "None ENAMETOOLONG ENOENT EISDIR EACCES EISDIR\n"
		   "[None, None, None, None, None, None, None, None] True\n"
		   "ENOENT ENOENT None ['back']\n\nsure\n");
}
END_TEST

/* openat2(2): below the folder that the call names, wherever pyjail itself is. */
START_TEST(a_root_of_openat2_is_the_scripts_own)
{
	check_says(NULL,
		   "import struct\n"
		   "how = lambda flags, resolve: struct.pack('QQQ', flags, 0o600 if flags & 0o100 else 0, resolve)\n"
		   "open(W + '/f', 'w').write('mine'); os.mkdir(W + '/d')\n"
		   "fd = os.open(W, os.O_PATH)\n"
		   "print(os.read(sc(437, fd, b'/f', how(0, 0x10), 24), 9))\n"
		   "print(os.read(sc(437, fd, b'/../../f', how(0, 0x10), 24), 9))\n"
		   "os.close(sc(437, fd, b'/d/g', how(0o101, 0x10), 24))\n"
		   "print(os.listdir(W + '/d'), attempt(sc, 437, fd, b'/f', how(0, 0x08), 24),\n"
		   "      attempt(sc, 437, fd, b'../f', how(0, 0x08), 24))\n"
		   "for n in '/d/g', '/f': os.unlink(W + n)\n"
		   "os.rmdir(W + '/d')\n",
		   "b'mine'\nb'mine'\n['g'] EXDEV EXDEV\n\nsure\n");
}
END_TEST

/* ---- blocking ---- */

START_TEST(pipes_and_leases_hold_nobody_up)
{
	check_says(NULL,
		   "import fcntl, threading, time\n"
		   "os.mkfifo(W + '/p')\n"
		   "said = []\n"
		   "def write(): fd = os.open(W + '/p', os.O_WRONLY); os.write(fd, b'x' * 10); os.close(fd)\n"
		   "ts = [threading.Thread(target=write) for i in range(1)]; [t.start() for t in ts]\n"
		   "start = time.monotonic(); time.sleep(0.1)\n"
		   "open(W + '/f', 'w').close(); quick = time.monotonic() - start < 5\n"
		   "fd = os.open(W + '/p', os.O_RDONLY); print(len(os.read(fd, 99)), quick); [t.join() for t in ts]\n"
		   "fd = os.open(W + '/f', os.O_RDONLY)\n"
		   "print(attempt(fcntl.fcntl, fd, fcntl.F_SETLEASE, fcntl.F_RDLCK),\n"
		   "      attempt(fcntl.fcntl, os.open(W, os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE))\n"
		   "os.unlink(W + '/p'); os.unlink(W + '/f')\n",
		   "10 True\nEPERM EPERM\n\nsure\n");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_number_of_bridged_calls_is_nothing_by_itself,
		that_number_in_a_handler_gets_nobodys_file,
		that_number_in_another_thread_gets_nobodys_file,
		stopping_and_continuing_loses_and_doubles_nothing,
		forks_and_execs_beside_bridged_calls,
		an_exec_over_a_blocked_leader,
		without_a_free_descriptor_nothing_is_made_or_cut,
		the_scripts_own_file_size_limit_holds,
		each_process_has_its_own_umask,
		no_file_with_another_identity_is_made,
		devices_are_not_changed,
		arguments_that_cannot_be_read_are_errors,
		the_current_folder_is_no_descriptor,
		long_and_awkward_names,
		a_root_of_openat2_is_the_scripts_own,
		pipes_and_leases_hold_nobody_up,
		NULL,
	};

	return attack_main_with("attack_bridge", attack_setup, jail_teardown, tests);
}
