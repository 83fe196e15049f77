/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_unwind.c: the native stacks of programs whose functions are known, compiled in several ways,
 * and of Python; by the plain way and by libunwind, which must agree.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/stopped.h"
#include "tests/support/suite.h"
#include "tracer/native/unwind.h"
#include "tracer/pages.h"

/*
 * main -> outer -> varies (alloca: CFA from rbp) -> aligned (stack realigned: CFA by an expression)
 * -> again x 4 -> ends (its last instruction is a call) -> leaf -> syscall.  Each leaves the
 * address of a local in `locals`, which the marker's first argument points at.
 */
static const char nested[] =
	"#define _GNU_SOURCE\n"
	"#include <alloca.h>\n#include <pthread.h>\n#include <signal.h>\n#include <stdio.h>\n"
	"#include <stdlib.h>\n#include <string.h>\n#include <sys/mman.h>\n#include <unistd.h>\n"
	"#define FN __attribute__((noipa)) static\n"
	"volatile int sink; void *volatile locals[16]; const char *mode;\n"
	"FN long leaf(int n) { int x[3] = { n }; locals[0] = x; long r = syscall(9999, locals); sink += x[0]; return r; }\n"
	"__attribute__((noreturn)) FN void ends(int n) { int x[5] = { n }; locals[1] = x; leaf(n + x[0]); exit(sink + x[1]); }\n"
	"FN void wraps(int n) { int x[7] = { n }; locals[2] = x; ends(n + x[0]); }\n"
	"FN int again(int n) { int x[9] = { n }, r; locals[3] = x; if (n == 0) { wraps(n); return 1; } r = again(n - 1); return r + x[n % 9]; }\n"
	"FN int aligned(int n) { int x[64] __attribute__((aligned(64))); locals[4] = x; memset(x, n, sizeof(x)); int r = again(3); return r + x[r & 63]; }\n"
	"FN int varies(int n) { char *p = alloca(n * 16 + 40); locals[5] = p; memset(p, n, 16); int r = aligned(n); return r + p[r & 15]; }\n"
	"FN int outer(int n) { int x[11] = { n }; locals[6] = x; int r = varies(n + 1); return r + x[n % 11]; }\n"
	"FN void handler(int s) { sink += outer(s & 1); }\n"
	"FN int sender(int n) { int x[4] = { n }; kill(getpid(), SIGUSR1); return x[n & 3] + sink; }\n"
	"FN void *thread(void *p) { return (char *)p + outer(2); }\n"
	"FN int jit(void) { char *p = mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	"  memcpy(p, \"\\x48\\x83\\xec\\x08\\xff\\xd6\\x48\\x83\\xc4\\x08\\xc3\", 11);\n"
	"  return ((int (*)(int, int (*)(int)))p)(1, outer) + sink; }\n"
	"int main(int c, char **v) { struct sigaction a = { .sa_handler = handler }; pthread_t t; stack_t s = { .ss_size = 65536 };\n"
	"  mode = c > 1 ? v[1] : \"\"; s.ss_sp = malloc(65536); sigaltstack(&s, 0);\n"
	"  if (!strcmp(mode, \"altstack\")) a.sa_flags = SA_ONSTACK;\n"
	"  sigaction(SIGUSR1, &a, 0);\n"
	"  if (!strcmp(mode, \"signal\") || !strcmp(mode, \"altstack\")) return sender(c);\n"
	"  if (!strcmp(mode, \"thread\")) { pthread_create(&t, 0, thread, 0); pthread_join(t, 0); return sink; }\n"
	"  if (!strcmp(mode, \"jit\")) return jit();\n"
	"  return outer(c) + sink; }\n";

#define CHAIN "leaf", "ends", "wraps", "again", "again", "again", "again", "aligned", "varies", "outer"

static char folder[] = "/tmp/pyjail-unwind-XXXXXX";
static char program[64];
static struct stopped stopped;
static struct pages *pages;
static struct native_space *space;
static struct native_frame frames[NATIVE_FRAMES_MAX];
static size_t count;
static bool is_truncated;

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(program, sizeof(program), "%s/nested", folder);
	ck_assert_int_eq(pages_new(&pages), 0);
	ck_assert_msg(native_space_new(&space) == 0, "libunwind cannot be loaded");
}

static void teardown(void)
{
	stopped_end(&stopped);
	native_space_free(space);
	native_space_free(NULL);
	pages_free(pages);
	unlink(program);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void walk(bool by_library, size_t room)
{
	native_space_use_library(space, by_library);
	pages_begin(pages, stopped.tid, 1, PAGES_ROOM);
	ck_assert_int_eq(native_walk(space, pages, stopped.tid, &stopped.regs.machine, frames, room,
				     &count, &is_truncated), 0);
	ck_assert_uint_le(count, room);
}

static void start(const char *mode)
{
	stopped_start(&stopped, (const char *const[]){ program, mode, NULL });
	ck_assert(stopped_next(&stopped, STOPPED_MARKER));
}

static const char *symbol_of(size_t i)
{
	return i < count && frames[i].symbol ? frames[i].symbol : "";
}

/* The functions of the program are these, from `at` on; returns where they end. */
static size_t check_chain(size_t at, const char *const names[])
{
	for (; *names; names++, at++)
		ck_assert_msg(strcmp(symbol_of(at), *names) == 0, "frame %zu is %s, not %s", at,
			      symbol_of(at), *names);
	return at;
}

/* The local of the function in frame `at` lies in its part of the stack. */
static void check_local(size_t at, unsigned local)
{
	uint64_t address = 0;

	pages_read_word(pages, regs_arg(&stopped.regs, 0) + 8ull * local, &address);
	ck_assert_msg(at + 1 < count && address >= frames[at].sp && address < frames[at + 1].sp,
		      "local %u of frame %zu", local, at);
}

static void check_locals(size_t leaf)
{
	static const size_t places[] = { 0, 1, 2, 3, 7, 8, 9 };

	for (unsigned i = 0; i < ARRAY_SIZE(places); i++)
		check_local(leaf + places[i], i);
}

/* Every frame of the program is where its symbol, or the same place in another copy, says. */
static void check_whole(void)
{
	ck_assert(!is_truncated);
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_eq(frames[0].ip, stopped.regs.machine.rip);
	ck_assert_uint_eq(frames[0].sp, stopped.regs.machine.rsp);
	for (size_t i = 0; i < count; i++)
		ck_assert_ptr_nonnull(frames[i].module);
}

/* ---- the usual ---- */

static const char *const flags[] = {
	"-O2 -fomit-frame-pointer", "-O0", "-O2 -fno-omit-frame-pointer", "-O3 -no-pie",
	"-O2 -static", "-O2 -static-pie", "-Os", "-O2 -Wl,--hash-style=sysv",
};

START_TEST(functions_are_found)
{
	stopped_compile(nested, flags[_i], program);
	start("");
	for (int round = 0; round < 4; round++) {
		size_t at;

		walk(round % 2, NATIVE_FRAMES_MAX);
		check_whole();
		ck_assert_str_eq(symbol_of(0), "syscall");
		at = check_chain(1, (const char *const[]){ CHAIN, "main", NULL });
		check_locals(1);
		ck_assert_str_eq(symbol_of(count - 1), "_start");
		ck_assert_uint_le(count - at, 4);
	}
}
END_TEST

/* The same places in a copy without symbols: nothing but names is missing. */
START_TEST(stripped)
{
	static struct native_frame known[NATIVE_FRAMES_MAX];
	size_t known_count;

	stopped_compile(nested, flags[_i], program);
	start("");
	walk(false, NATIVE_FRAMES_MAX);
	memcpy(known, frames, sizeof(known));
	known_count = count;
	stopped_end(&stopped);
	unlink(program);
	native_space_free(space);
	ck_assert_int_eq(native_space_new(&space), 0);
	stopped_compile(nested, "-s", program);
	unlink(program);
	snprintf(program, sizeof(program), "%s/other", folder);
	{
		char with[128];

		snprintf(with, sizeof(with), "%s -s", flags[_i]);
		stopped_compile(nested, with, program);
	}
	start("");
	for (int by_library = 0; by_library < 2; by_library++) {
		walk(by_library, NATIVE_FRAMES_MAX);
		check_whole();
		check_locals(1);
		ck_assert_uint_eq(count, known_count);
		for (size_t i = 0; i < count; i++)
			ck_assert_uint_eq(frames[i].offset, known[i].offset);
		ck_assert_str_eq(symbol_of(2), "");
	}
}
END_TEST

START_TEST(the_program_is_deleted)
{
	stopped_compile(nested, "-O2 -rdynamic", program);
	start("");
	ck_assert_int_eq(unlink(program), 0);
	walk(false, NATIVE_FRAMES_MAX);
	check_whole();
	ck_assert_ptr_nonnull(strstr(frames[1].module, "nested (deleted)"));
	ck_assert_str_eq(symbol_of(11), "main");
	check_locals(1);
}
END_TEST

/* ---- the unusual ---- */

START_TEST(a_thread)
{
	stopped_compile(nested, flags[_i], program);
	start("thread");
	ck_assert_int_ne(stopped.tid, stopped.pid);
	for (int by_library = 0; by_library < 2; by_library++) {
		walk(by_library, NATIVE_FRAMES_MAX);
		check_whole();
		check_chain(1, (const char *const[]){ CHAIN, "thread", NULL });
		check_locals(1);
		ck_assert_uint_le(count, 14);
	}
}
END_TEST

static void check_signal(bool is_on_own_stack)
{
	size_t at, i;

	check_whole();
	at = check_chain(1, (const char *const[]){ CHAIN, "handler", NULL });
	check_locals(1);
	/* The trampoline, the kill that was interrupted. */
	at = check_chain(at + 2, (const char *const[]){ "sender", "main", NULL });
	ck_assert_str_eq(symbol_of(at - 3), "kill");
	ck_assert_str_eq(symbol_of(count - 1), "_start");
	for (i = 1; i < count; i++) {
		if (i != 13 || !is_on_own_stack)
			ck_assert_uint_gt(frames[i].sp, frames[i - 1].sp);
	}
}

START_TEST(a_signal_handler)
{
	stopped_compile(nested, flags[_i], program);
	start("signal");
	for (int round = 0; round < 3; round++) {
		walk(round == 1, NATIVE_FRAMES_MAX);
		check_signal(false);
	}
	stopped_end(&stopped);
	native_space_free(space);
	ck_assert_int_eq(native_space_new(&space), 0);
	start("altstack");
	for (int round = 0; round < 3; round++) {
		walk(round == 1, NATIVE_FRAMES_MAX);
		check_signal(true);
	}
}
END_TEST

/* Code without unwind tables: up to it, all is right; from further out one may go on. */
START_TEST(a_gap)
{
	stopped_compile(nested, "-O2 -fomit-frame-pointer", program);
	start("jit");
	for (int by_library = 0; by_library < 2; by_library++) {
		walk(by_library, NATIVE_FRAMES_MAX);
		check_chain(1, (const char *const[]){ CHAIN, NULL });
		ck_assert_uint_ge(count, 12);
		ck_assert_ptr_null(frames[11].module);
		ck_assert_ptr_null(frames[11].symbol);
	}
}
END_TEST

START_TEST(room)
{
	stopped_compile(nested, "-O2", program);
	start("");
	for (size_t n = 0; n < 14; n++) {
		walk(n % 2, n);
		ck_assert_uint_eq(count, n);
		ck_assert(is_truncated);
	}
	walk(false, 100000);
	ck_assert(!is_truncated);
}
END_TEST

START_TEST(budget)
{
	stopped_compile(nested, "-O2", program);
	start("");
	for (unsigned n = 0; n < 4; n++) {
		native_space_use_library(space, n % 2);
		pages_begin(pages, stopped.tid, 0, n);
		ck_assert_int_eq(native_walk(space, pages, stopped.tid, &stopped.regs.machine,
					     frames, NATIVE_FRAMES_MAX, &count, &is_truncated), 0);
		ck_assert(is_truncated == (n == 0) || n > 0);
		ck_assert_uint_ge(count, 1);
	}
}
END_TEST

START_TEST(registers_are_nonsense)
{
	static const uint64_t values[] = { 0, 1, 8, 0x7ffffffff000, 0x800000000000, UINT64_MAX,
					   UINT64_MAX - 7, 0xffffffffff600000 };
	struct user_regs_struct was;

	stopped_compile(nested, "-O2", program);
	start("");
	was = stopped.regs.machine;
	for (size_t i = 0; i < ARRAY_SIZE(values) * 8; i++) {
		stopped.regs.machine = was;
		if (i / 8 != 1)
			stopped.regs.machine.rip = values[i % 8];
		if (i / 8 != 2)
			stopped.regs.machine.rsp = values[(i + i / 8) % 8];
		stopped.regs.machine.rbp = values[(i + 3) % 8];
		walk(i & 1, NATIVE_FRAMES_MAX);
		ck_assert(count > 0);
	}
}
END_TEST

/* ---- hostile tables ---- */

/* The file is overwritten while it runs: what is mapped changes as well. */
START_TEST(tables_are_corrupted)
{
	unsigned seed = (unsigned)_i;
	uint8_t whole[1 << 16];
	ssize_t size;
	int fd;

	stopped_compile(nested, "-O2 -Wl,-z,separate-code", program);
	fd = open(program, O_RDONLY);
	size = read(fd, whole, sizeof(whole));
	close(fd);
	ck_assert_int_gt(size, 0x3000);
	for (int round = 0; round < 20; round++) {
		uint8_t bytes[1 << 16];

		/* .eh_frame is in the third page of such a program. */
		memcpy(bytes, whole, (size_t)size);
		for (int k = 0; k < 8; k++)
			bytes[0x2000 + (size_t)rand_r(&seed) % 0x400] = (uint8_t)rand_r(&seed);
		unlink(program);
		fd = open(program, O_WRONLY | O_CREAT | O_TRUNC, 0755);
		ck_assert_int_eq(write(fd, bytes, (size_t)size), size);
		close(fd);
		start("");
		for (int n = 0; n < 4; n++)
			walk(n % 2, NATIVE_FRAMES_MAX);
		ck_assert_str_eq(symbol_of(0), "syscall");
		stopped_end(&stopped);
		native_space_free(space);
		ck_assert_int_eq(native_space_new(&space), 0);
	}
}
END_TEST

/* ---- Python ---- */

#define PYTHON "/usr/bin/python3"

static bool has_python(const char *test)
{
	if (access(PYTHON, X_OK) == 0)
		return true;
	fprintf(stderr, "skip: %s: no " PYTHON "\n", test);
	return false;
}

static void check_both_ways(void)
{
	static struct native_frame plain[NATIVE_FRAMES_MAX];
	size_t plain_count;

	walk(false, NATIVE_FRAMES_MAX);
	memcpy(plain, frames, count * sizeof(frames[0]));
	plain_count = count;
	ck_assert(!is_truncated);
	walk(true, NATIVE_FRAMES_MAX);
	ck_assert(!is_truncated);
	ck_assert_uint_eq(count, plain_count);
	for (size_t i = 0; i < count; i++) {
		ck_assert(frames[i].ip == plain[i].ip && frames[i].sp == plain[i].sp);
		ck_assert(!frames[i].symbol == !plain[i].symbol);
	}
}

START_TEST(python_that_opens)
{
	static const char code[] =
		"def f(n):\n"
		"    if n: return sorted([1], key=lambda x: f(n - 1))\n"
		"    open('/')\n"
		"f(5)\n";
	char path[8] = "";

	if (!has_python("python_that_opens"))
		return;
	stopped_start(&stopped, (const char *const[]){ PYTHON, "-IS", "-c", code, NULL });
	do {
		ck_assert(stopped_next(&stopped, SYS_openat));
		pages_begin(pages, stopped.tid, 0, 10);
		pages_read(pages, regs_arg(&stopped.regs, 1), path, 2);
	} while (strcmp(path, "/") != 0);
	check_both_ways();
	ck_assert_uint_ge(count, 20);
	ck_assert_str_eq(symbol_of(count - 1), "_start");
}
END_TEST

/* Files are mapped all the while, and every stack reaches the start. */
START_TEST(python_that_imports)
{
	unsigned stops = 0;

	if (!has_python("python_that_imports"))
		return;
	stopped_start(&stopped, (const char *const[]){
		PYTHON, "-I", "-c", "import json, decimal, ssl, sqlite3, ctypes, asyncio, xml.dom",
		NULL });
	while (stopped_next(&stopped, SYS_openat)) {
		check_both_ways();
		stops++;
	}
	ck_assert_uint_gt(stops, 50);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("unwind");
	TCase *tcase = tcase_create("unwind");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, functions_are_found, 0, (int)ARRAY_SIZE(flags));
	tcase_add_loop_test(tcase, stripped, 0, 5);
	tcase_add_test(tcase, the_program_is_deleted);
	tcase_add_loop_test(tcase, a_thread, 0, 5);
	tcase_add_loop_test(tcase, a_signal_handler, 0, 5);
	tcase_add_test(tcase, a_gap);
	tcase_add_test(tcase, room);
	tcase_add_test(tcase, budget);
	tcase_add_test(tcase, registers_are_nonsense);
	tcase_add_loop_test(tcase, tables_are_corrupted, 0, 4);
	tcase_add_test(tcase, python_that_opens);
	tcase_add_test(tcase, python_that_imports);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
