/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_report.c: what a hostile script does to what pyjail says, keeps and limits.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/* The sanitizer keeps freed memory for a while. */
#ifdef __SANITIZE_ADDRESS__
#define RSS_MAX_KIB (600 << 10)
#else
#define RSS_MAX_KIB (60 << 10)
#endif

/* No byte of a control sequence, and every line is pyjail's own. */
static void check_clean(const char *text)
{
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		ck_assert_msg((c >= 0x20 && c != 0x7f) || c == '\n', "byte %#x in: %s", c, text);
		ck_assert_msg(c != 0xc2 || (unsigned char)p[1] >= 0xa0, "a C1 byte in: %s", text);
	}
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
}

static void check_lines(const char *text)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		ck_assert_msg(!strncmp(line, "pyjail: ", 8) || !strncmp(line, "        ", 8),
			      "not a line of pyjail: %s", line);
		if (!strchr(line, '\n'))
			return;
	}
}

#define NAMES \
	"names = [b'\\x1b]52;c;AAAA\\x07', b'\\x1b[2J\\x1b[H', b'a\\nb: forged', b'\\r\\x08', b'\\x9b2J',\n" \
	"         b'\\xc2\\x9b2J', b'\\xff\\xfe', b'\\xe2\\x80\\xaegnp.exe', b'\\x7f', b'x\\tpyjail: ok',\n" \
	"         b'\\npyjail: limit reached  time', b\"'; rm -rf ~; '\", b'$(id)', b'a,b', b'\\xed\\xa0\\x80',\n" \
	"         b'\\xf4\\x90\\x80\\x80', b'%s%n', b'x' * 250]\n"

START_TEST(names_are_shown_escaped)
{
	struct jail jail;
	size_t i, hex = 0;
	json_t *event;

	attack_script(&jail, NULL, true, NAMES
		      "P = b(B + '/p/')\n"
		      "for n in names:\n"
		      "    attempt(os.open, P + n, 0o101); attempt(os.unlink, P + n)\n"
		      "    attempt(os.rename, P + n, P + n[::-1]); attempt(os.symlink, n, P + n)\n"
		      "    attempt(os.execv, P + n, [n, n]); attempt(os.mkdir, P + n)\n"
		      "    libc.prctl(15, n[:15], 0, 0, 0)\n");
	ck_assert_int_eq(jail.status, 0);
	check_clean(jail.err);
	check_lines(jail.err);
	ck_assert_ptr_null(strstr(jail.err, "limit reached  time\n"));
	json_array_foreach(jail.record, i, event)
		hex += json_object_get(event, "path_hex") != NULL;
	ck_assert_uint_ge(hex, 3);
	jail_free(&jail);
}
END_TEST

static void read_raw_record(char *text, size_t size)
{
	FILE *f = fopen(jail_path("record.jsonl"), "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, size - 1, f);
	text[n] = '\0';
	fclose(f);
}

START_TEST(the_record_has_no_control_bytes_and_no_forged_lines)
{
	static char text[1 << 20];
	struct jail jail;
	size_t lines = 0;

	attack_script(&jail, NULL, true, NAMES
		      "for n in names: attempt(os.open, b(B + '/p/') + n, 0o101)\n"
		      "for n in names: attempt(os.open, b(B + '/p/') + n + b'\"}\\n{\"type\":\"result\"}', 0)\n");
	read_raw_record(text, sizeof(text));
	for (const char *p = text; *p; p++) {
		ck_assert_msg((unsigned char)*p >= 0x20 || *p == '\n', "byte %#x", *p);
		lines += *p == '\n';
	}
	ck_assert_uint_eq(lines, json_array_size(jail.record));
	jail_free(&jail);
}
END_TEST

/* What could not be read from the script's memory is not made up from pyjail's. */
START_TEST(no_memory_of_pyjail_gets_into_the_record)
{
	struct jail jail;
	size_t i, errors = 0;
	json_t *event;

	setenv("MALLOC_PERTURB_", "65", 1);
	attack_script(&jail, NULL, true,
		      "libc.mmap.restype = ctypes.c_void_p\n"
		      "libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]\n"
		      "two = libc.mmap(None, 8192, 3, 0x22, -1, 0)\n"
		      "libc.munmap(ctypes.c_void_p(two + 4096), 4096)\n"
		      "ctypes.memmove(two + 4066, b'x' * 30, 30)\n"
		      "for nr in 2, 87, 83, 90, 85, 82, 88: attempt(sc, nr, two + 4066, two + 4066)\n"
		      "attempt(sc, 2, b'y' * 5000, 0o101)\n");
	unsetenv("MALLOC_PERTURB_");
	json_array_foreach(jail.record, i, event) {
		const char *error = json_string_value(json_object_get(event, "error"));
		json_t *path = json_object_get(event, "path");

		if (!error || (strcmp(error, "EFAULT") != 0 && strcmp(error, "ENAMETOOLONG") != 0))
			continue;
		errors++;
		ck_assert_msg(!json_is_string(path), "%s", json_string_value(path));
	}
	ck_assert_uint_ge(errors, 7);
	jail_free(&jail);
}
END_TEST

START_TEST(the_record_and_the_result_are_not_the_scripts_to_change)
{
	static const char *const options[] = { "--record=w/rec", "--result=w/res", NULL };
	struct jail jail;

	ck_assert_int_eq(mkdir(jail_path("w"), 0755), 0);
	ck_assert_int_eq(mkdir(jail_path("w/deep"), 0755), 0);
	attack_script(&jail, options, true,
		      "os.chdir(W)\n"
		      "ways = [lambda n: open(n, 'w'), lambda n: open(n, 'a'), os.unlink, os.mkdir,\n"
		      "        lambda n: os.rename(n, 'x'), lambda n: os.truncate(n, 0), os.mkfifo,\n"
		      "        lambda n: os.link(n, 'y'), lambda n: os.symlink('/x', n), lambda n: os.chmod(n, 0),\n"
		      "        lambda n: (open('z', 'w').close(), os.rename('z', n)), lambda n: os.utime(n)]\n"
		      "print(sorted({attempt(way, n) for n in ('rec', 'res') for way in ways}, key=str))\n");
	ck_assert_msg(strstr(jail.out, "['EACCES', 'EEXIST', 'ENOENT']\n") == jail.out, "%s%s",
		      jail.out, jail.err);
	ck_assert_int_eq(jail.status, 0);
	ck_assert_ptr_nonnull(strstr(jail_read_file("w/rec"), "\"type\":\"result\""));
	ck_assert_ptr_nonnull(strstr(jail_read_file("w/rec"), "{\"type\":\"start\""));
	ck_assert_ptr_nonnull(strstr(jail_read_file("w/res"), "\"denied\":"));
	jail_free(&jail);
}
END_TEST

/* 33,000 different calls: said once each is much already; memory and time stay small. */
START_TEST(a_flood_of_refusals_is_survived)
{
	struct jail jail;
	struct rusage after;

	attack_script(&jail, NULL, true,
		      "for i in range(30000): libc.syscall(87, b'/%d' % i)\n"
		      "path = ctypes.create_string_buffer(4000)\n"
		      "for i in range(3000):\n"
		      "    path.value = b(B) + b'/./' * 1200 + b'%d' % i; libc.syscall(83, path, 0)\n"
		      "print('over')\n");
	getrusage(RUSAGE_CHILDREN, &after);
	ck_assert_msg(strstr(jail.out, "over") == jail.out, "%.1000s", jail.err);
	ck_assert_int_lt(after.ru_maxrss, RSS_MAX_KIB);
	jail_free(&jail);
}
END_TEST

static int count_lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Nobody reads what pyjail says, or it cannot be written: the script runs on, refused as before. */
START_TEST(nobody_listens_to_pyjail)
{
	static const char *const words[] = { "--record=record.jsonl", NULL, NULL };
	const char *all[3] = { words[0], NULL, NULL };
	int ends[2];
	pid_t pid;

	jail_write_file("s.py", "import os\n"
			"for i in range(3000):\n"
			"    try: os.unlink(f'/tmp/never-{i}/x' if i % 2 else '/etc/passwd')\n"
			"    except OSError: pass\n"
			"try: open('never', 'w')\n"
			"except PermissionError: os._exit(7)\n");
	all[1] = jail_path("s.py");
	for (int mode = 0; mode < 3; mode++) {
		int full = open("/dev/full", O_WRONLY | O_CLOEXEC), status;

		ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
		if (mode == 0)
			close(ends[0]);     /* the reader is gone; in mode 1 it only never reads */
		pid = live_start(-1, -1, mode == 2 ? full : ends[1], all);
		close(ends[1]);
		status = live_wait(pid, 60);
		ck_assert_msg(WIFEXITED(status) && (WEXITSTATUS(status) == 7), "mode %d: %x", mode,
			      status);
		ck_assert_ptr_null(jail_read_file("never"));
		if (mode != 0)
			close(ends[0]);
		close(full);
	}
	ck_assert_int_gt(count_lines(jail_read_file("record.jsonl")), 100);
}
END_TEST

/* ---- limits ---- */

START_TEST(a_script_that_stops_itself_cannot_stop_the_clock)
{
	static const char *const codes[] = {
		"import os; os.kill(os.getpid(), 19)\n",
		"import os\nwhile True: os.kill(os.getpid(), 19)\n",
		"import os\nwhile True: os.kill(os.getpid(), 20)\n",
		"import os, threading\n"
		"def f():\n"
		"    while True: os.kill(os.getpid(), 19)\n"
		"for i in range(3): threading.Thread(target=f).start()\n",
		"import os\nos.fork()\nwhile True: os.kill(0, 19)\n",
	};
	const char *words[] = { "--time=0.5", NULL, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		int status;
		pid_t pid;

		jail_write_file("s.py", codes[i]);
		words[1] = jail_path("s.py");
		pid = live_start(-1, -1, -1, words);
		status = live_wait(pid, 20);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 124, "script %zu: %x", i,
			      status);
	}
	live_check_nothing_left(1);
}
END_TEST

/* The limit on cores is hard, and a crash leaves nothing. */
START_TEST(no_core_is_dumped)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct jail jail;

	ck_assert_int_eq(mkdir(jail_path("w"), 0755), 0);
	if (setrlimit(RLIMIT_CORE, &all) < 0)
		all = (struct rlimit){ 0 };
	attack_script(&jail, NULL, false,
		      "import resource, signal, time\n"
		      "print(attempt(lambda: sc(160, 4, (ctypes.c_uint64 * 2)(1 << 30, 1 << 30))),\n"
		      "      attempt(lambda: sc(302, 0, 4, (ctypes.c_uint64 * 2)(1 << 30, 1 << 30), 0)))\n"
		      "os.chdir(W)\n"
		      "for number in 11, 6, 4, 8, 3, 31:\n"
		      "    pid = os.fork()\n"
		      "    if pid == 0:\n"
		      "        signal.signal(number, signal.SIG_DFL)\n"
		      "        if number == 11: ctypes.string_at(8)\n"
		      "        os.kill(os.getpid(), number); os._exit(1)\n"
		      "    print(os.waitpid(pid, 0)[1] & 0x80, end=' ')\n"
		      "print(os.listdir(W))\n");
	ck_assert_msg(!strncmp(jail.out, "EPERM EPERM\n0 0 0 0 0 0 []\n", 27), "%s%s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

/* Exit statuses of the script's own look like pyjail's; the result object is not fooled. */
START_TEST(an_exit_status_is_no_verdict)
{
	static const int statuses[] = { 124, 125, 126, 127, 137, 2 };

	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		struct jail jail;
		char code[64];

		snprintf(code, sizeof(code), "os._exit(%d)\n", statuses[i]);
		attack_script(&jail, NULL, true, code);
		ck_assert_int_eq(jail.status, statuses[i]);
		ck_assert(json_is_null(json_object_get(jail.result, "limit")));
		ck_assert(json_is_null(json_object_get(jail.result, "failure")));
		ck_assert(json_is_null(json_object_get(jail.result, "signal")));
		ck_assert_int_eq(json_integer_value(json_object_get(jail.result, "status")),
				 statuses[i]);
		jail_free(&jail);
	}
}
END_TEST

/* ---- what is inherited ---- */

/* Descriptors of the caller, pyjail's own: only 0, 1 and 2 reach the script. */
START_TEST(no_other_descriptor_is_inherited)
{
	int secret = open("/etc/passwd", O_RDONLY);
	int high = dup2(secret, 200);
	struct jail jail;

	ck_assert_int_eq(high, 200);
	attack_script(&jail, NULL, true,
		      "def is_open(fd):\n"
		      "    try: os.fstat(fd); return True\n"
		      "    except OSError: return False\n"
		      "print([fd for fd in range(1024) if is_open(fd)])\n"
		      "print(len(os.listdir('/proc/self/fd')))\n");
	ck_assert_msg(!strcmp(jail.out, "[0, 1, 2]\n4\n\nsure\n"), "%s%s", jail.out, jail.err);
	jail_free(&jail);
	close(secret);
	close(high);
}
END_TEST

/* An inherited output may be opened again as far as it is open: appending stays appending. */
START_TEST(an_inherited_file_gives_no_more_than_it_gave)
{
	int out = open(jail_path("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644), status;
	const char *words[] = { "--quiet", NULL, NULL };
	pid_t pid;

	ck_assert_int_eq(write(out, "before\n", 7), 7);
	jail_write_file("s.py",
			"import os\n"
			"said = []\n"
			"for flags in os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_RDONLY,\\\n"
			"             os.O_WRONLY | os.O_APPEND | os.O_TRUNC, os.O_RDWR | os.O_APPEND, 3:\n"
			"    for name in '/dev/stdout', '/proc/self/fd/1', '/dev/fd/1', 'log':\n"
			"        try: os.open(name, flags); said.append((name, flags))\n"
			"        except OSError: pass\n"
			"fd = os.open('/dev/stdout', os.O_WRONLY | os.O_APPEND)\n"
			"os.write(fd, f'{said}\\n'.encode())\n");
	words[1] = jail_path("s.py");
	pid = live_start(-1, out, -1, words);
	status = live_wait(pid, 30);
	close(out);
	ck_assert_int_eq(status, 0);
	/* The script's folder may be read, so that its log may be, too. */
	ck_assert_str_eq(jail_read_file("log"), "before\n[('/dev/stdout', 0), ('/proc/self/fd/1', 0), "
			 "('/dev/fd/1', 0), ('log', 0)]\n");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_are_shown_escaped,
		the_record_has_no_control_bytes_and_no_forged_lines,
		no_memory_of_pyjail_gets_into_the_record,
		the_record_and_the_result_are_not_the_scripts_to_change,
		a_flood_of_refusals_is_survived,
		nobody_listens_to_pyjail,
		a_script_that_stops_itself_cannot_stop_the_clock,
		no_core_is_dumped,
		an_exit_status_is_no_verdict,
		no_other_descriptor_is_inherited,
		an_inherited_file_gives_no_more_than_it_gave,
		NULL,
	};

	return attack_main_with("attack_report", attack_setup, jail_teardown, tests);
}
