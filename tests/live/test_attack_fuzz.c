/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_fuzz.c: calls by random number with random arguments, from many short-lived
 * processes: pyjail survives, says so, and what is protected stays as it is.
 *
 * $ATTACK_SECONDS (2) and $ATTACK_SEED (1) make it a longer hunt; MODE=asan is where it pays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/attack.h"
#include "tests/support/suite.h"

static const char code[] =
	"import random, signal, struct, time\n"
	"seconds, seed = float(os.environ.get('SECONDS', 2)), int(os.environ.get('SEED', 1))\n"
	"FILES = [2, 257, 437, 85, 87, 263, 84, 82, 264, 316, 86, 265, 83, 258, 133, 259, 88, 266, 76, 90,\n"
	"         91, 268, 452, 92, 93, 94, 260, 132, 235, 261, 280, 188, 189, 190, 197, 198, 199, 463,\n"
	"         466, 469, 95, 21, 269, 439, 59, 322, 62, 200, 234, 129, 297, 424, 434, 302, 160, 109,\n"
	"         141, 251, 203, 144, 142, 314, 157, 16, 72, 41, 53, 42, 49, 50, 44, 215]\n"
	"SKIP = {60, 231, 34, 130, 15, 56, 57, 58, 435}\n"
	"TEXTS = [b'a', b'd/b', b'/etc/passwd', b'/etc/shadow', b'/proc/self/fd/0', b'/proc/self/mem',\n"
	"         b'/proc/1/environ', b'/dev/null', b'/dev/tty', b'', b'.', b'..', b'/', b'x' * 255,\n"
	"         b'y' * 4095, b'\\xff\\xfe\\n\\x1b[2J', b'../../../../etc/passwd', b'/proc/self/cwd/a', b'/dev/fd/1',\n"
	"         b'user.x', b'/usr/bin/uname', b'fifo', b(B + '/p/0/t'), b(B + '/p/1'), b(B + '/p/2/d/f'),\n"
	"         b(B + '/p/3/l'), b(B + '/p/4/new')]\n"
	"def memory(r):\n"
	"    some = [ctypes.create_string_buffer(t) for t in TEXTS]\n"
	"    some += [ctypes.create_string_buffer(r.randbytes(64), 4096) for i in range(6)]\n"
	"    some += [ctypes.create_string_buffer(t, 4096) for t in (\n"
	"        struct.pack('QQQ', 0o102, 0o644, 0), struct.pack('HH4s', 2, 0x5000, b'\\x7f\\0\\0\\1'),\n"
	"        struct.pack('H', 1) + b(W + '/sock'), struct.pack('QQ', 10, 10))]\n"
	"    return some\n"
	"def argument(r, some, fds):\n"
	"    kind = r.randrange(10)\n"
	"    if kind < 4: return ctypes.addressof(r.choice(some)) + (r.random() < .1) * r.randrange(8)\n"
	"    if kind < 6: return r.choice(fds + [-100, -1, 0, 1, 2, 0x1000, 0x400, 0x200, 0x40, 0x8000, 0o100,\n"
	"        0o1102, 0o20200002, 0o644, 0o4755, os.getpid(), 1, -2**31, 4])\n"
	"    if kind < 8: return r.randrange(70)\n"
	"    return r.getrandbits(64) - 2**63 if kind < 9 else r.getrandbits(32)\n"
	"def run(number):\n"
	"    r = random.Random(number); some = memory(r)\n"
	"    os.setsid(); os.chdir(W)\n"
	"    null = os.open('/dev/null', os.O_RDWR); os.dup2(null, 1); os.dup2(null, 2)\n"
	"    fds = [attempt(os.open, W, os.O_RDONLY), *os.pipe(), attempt(os.open, 'ff', os.O_RDWR | os.O_CREAT)]\n"
	"    fds = [fd for fd in fds if isinstance(fd, int)]\n"
	"    for i in range(150):\n"
	"        nr = r.choice(FILES) if r.random() < .6 else r.randrange(-2, 480)\n"
	"        args = [argument(r, some, fds) for i in range(6)]\n"
	"        if nr in SKIP or nr == 62 and args[0] & 0xffffffff == 0xffffffff: continue\n"
	"        if nr in (62, 129, 200, 234, 297) and r.random() < .8: continue\n"
	"        if r.random() < .03: nr |= r.getrandbits(31) << 32\n"
	"        libc.syscall(ctypes.c_long(nr), *[ctypes.c_long(a) for a in args])\n"
	"        if r.random() < .01 and libc.syscall(57) == 0: os._exit(0)\n"
	"until, children, done = time.monotonic() + seconds, {}, 0\n"
	"while time.monotonic() < until:\n"
	"    while len(children) < 4:\n"
	"        done += 1; attempt(os.chmod, W, 0o755)\n"
	"        pid = os.fork()\n"
	"        if pid == 0:\n"
	"            try: run(seed * 100000 + done)\n"
	"            finally: os._exit(3)\n"
	"        children[pid] = time.monotonic()\n"
	"    for pid, since in list(children.items()):\n"
	"        if attempt(os.waitpid, pid, os.WNOHANG) != (0, 0): del children[pid]\n"
	"        elif time.monotonic() > since + 1: attempt(os.kill, pid, 9)\n"
	"    time.sleep(0.002)\n"
	"print(done > seconds, attempt(os.unlink, '/etc/passwd'))\n";

static void fuzz(const char *const options[], bool has_landlock)
{
	const char *seconds = getenv("ATTACK_SECONDS"), *seed = getenv("ATTACK_SEED");
	char text[16384];
	struct jail jail;

	snprintf(text, sizeof(text), "os.environ.update(SECONDS='%s', SEED='%s')\n%s",
		 seconds ? seconds : "2", seed ? seed : "1", code);
	attack_script(&jail, options, has_landlock, text);
	ck_assert_msg(jail.status == 0 && !strncmp(jail.out, "True EACCES\n", 12),
		      "status %d signal %d\n%.1000s%.3000s", jail.status, jail.signal, jail.out, jail.err);
	ck_assert_int_gt(jail_denied(&jail), 100);
	jail_free(&jail);
}

START_TEST(random_calls_are_survived)
{
	static const char *const plain[] = { "--quiet", "--allow-delete=./w/", NULL };
	static const char *const carved[] = { "--quiet", "--deny-read=./w/d", "--deny-write=./w/a", NULL };
	static const char *const stats[] = { "--quiet", "--policy=s/stat", "--allow-net", NULL };
	const char *const *const options[] = { plain, carved, stats };

	jail_write_file("s/stat", "deny stat /etc/shadow\ndeny stat {cwd}/w/d\n");
	attack_folders();
	fuzz(options[_i], _i % 2);
	attack_folders_check();
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("attack_fuzz");
	Suite *suite = suite_create("attack_fuzz");

	tcase_add_checked_fixture(tcase, attack_setup, jail_teardown);
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, random_calls_are_survived, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
