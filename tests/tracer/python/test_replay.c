/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_replay.c: the memory of every CPython that is found, as a walk read it, corrupted thousands
 * of times and walked again: it ends, within bounds, in some frames or none.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/image.h"
#include "tests/support/pythons.h"
#include "tests/support/suite.h"
#include "tracer/merge.h"
#include "tracer/python/python.h"

#define ROUNDS 3000
#define CHANGES_MAX 24
#define WALK_MAX_S 1.0           /* of processor time, sanitized; a plain walk takes 20 us */

/* Says its thread's pointer, then waits with these frames. */
#define SCRIPT \
	"import os, sys, threading\n" \
	"def innermost():\n" \
	"    print(threading.get_ident(), flush=True)\n" \
	"    sys.stdin.read()\n" \
	"def generator():\n" \
	"    yield (lambda: innermost())()\n" \
	"class Caf\xc3\xa9:\n" \
	"    def m\xc3\xa9thode(self, n):\n" \
	"        return self.m\xc3\xa9thode(n - 1) if n else list(generator())\n" \
	"def key(x): return Caf\xc3\xa9().m\xc3\xa9thode(12)\n" \
	"sorted([1], key=key)\n"

static struct python pythons[PYTHONS_MAX];
static size_t python_count;

static struct {
	pid_t pid;
	int in, out;
	uint64_t pointer;
} child;

static const char *const prefixes[] = { "/usr/lib/python3" };
static const struct codes_folders folders = { prefixes, 1 };
static struct frames frames;
static struct runtimes runtimes;
static struct pages *pages;
static struct image image;       /* what the genuine walk read */

static void start_child(const char *program)
{
	int in[2], out[2];
	char line[64] = "";

	ck_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	child.pid = fork();
	ck_assert_int_ge(child.pid, 0);
	if (child.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(program, program, "-I", "-c", SCRIPT, (char *)NULL);
		_exit(99);
	}
	close(in[0]);
	close(out[1]);
	child.in = in[1];
	child.out = out[0];
	ck_assert_int_gt(read(child.out, line, sizeof(line) - 1), 0);
	child.pointer = strtoull(line, NULL, 10);
	ck_assert_uint_ne(child.pointer, 0);
	/* It is in read(2) soon; its frames are the same before. */
	usleep(20000);
}

static void end_child(void)
{
	int status;

	kill(child.pid, SIGKILL);
	waitpid(child.pid, &status, 0);
	close(child.in);
	close(child.out);
}

/* The process, and a copy of each page into the image. */
static int fetch_and_keep(void *data, pid_t tid, const struct pages_piece *pieces, unsigned count,
			  void *buffer)
{
	uint8_t *bytes = buffer;

	(void)data;
	for (unsigned i = 0; i < count; i++) {
		struct iovec local = { bytes, pieces[i].size };
		struct iovec remote = { (void *)(uintptr_t)pieces[i].address, pieces[i].size };

		if (process_vm_readv(tid, &local, 1, &remote, 1, 0) != (ssize_t)pieces[i].size)
			return (int)i;
		image_put(&image, pieces[i].address, bytes, pieces[i].size);
		bytes += pieces[i].size;
	}
	return (int)count;
}

static const char *walk(struct codes *codes, uint64_t stop, uint64_t *state)
{
	struct frames_walk how = { pages, NULL, codes, 1, stop, false };
	const struct python_thread thread = { child.pid, child.pid, child.pointer, 1, state };
	const char *reason = NULL;

	pages_begin(pages, child.pid, 1, PAGES_ROOM);
	ck_assert_int_eq(python_frames(&how, &runtimes, &thread, &frames, &reason), 0);
	return reason;
}

static void check_genuine(const char *version)
{
	const struct frame *last = &frames.items[frames.count - 1];
	unsigned i = 0;

	ck_assert_msg(frames.count >= 18 && !frames.is_truncated, "%s: %u frames", version,
		      frames.count);
	ck_assert_str_eq(last->code->function, "<module>");
	ck_assert_int_eq(last->line, 11);
	ck_assert_str_eq(last->code->file, "<string>");
	while (i < frames.count && strcmp(frames.items[i].code->function, "innermost") != 0)
		i++;
	ck_assert_uint_lt(i, frames.count);
	ck_assert_uint_ge((unsigned)frames.items[i].line, 3);
	ck_assert_ptr_nonnull(strstr(frames.items[i + 4].code->function, "m\xc3\xa9thode"));
	ck_assert_int_eq(frames.items[i + 4].line, 9);
}

/* Bytes at random, words made pointers to elsewhere in the image, pages gone. */
static void corrupt(unsigned *seed)
{
	unsigned count = (unsigned)rand_r(seed) % CHANGES_MAX + 1;

	for (unsigned i = 0; i < count; i++) {
		struct image_page *page = image.pages[(unsigned)rand_r(seed) % image.count];
		const struct image_page *other = image.pages[(unsigned)rand_r(seed) % image.count];
		unsigned at = (unsigned)rand_r(seed) % (PAGES_SIZE / 8) * 8;
		uint64_t word = other->address + ((unsigned)rand_r(seed) % PAGES_SIZE & ~7u);

		switch (rand_r(seed) % 8) {
		case 0:
			page->address = UINT64_MAX - UINT64_MAX % PAGES_SIZE;
			break;
		case 1: case 2: case 3:
			memcpy(page->bytes + at, &word, sizeof(word));
			break;
		case 4:
			memset(page->bytes + at, rand_r(seed), PAGES_SIZE - at);
			break;
		default:
			page->bytes[at + (unsigned)rand_r(seed) % 8] = (uint8_t)rand_r(seed);
		}
	}
}

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_bounded(void)
{
	bool is_good = frames.count <= STACK_FRAMES_MAX;

	for (unsigned i = 0; is_good && i < frames.count; i++)
		is_good = frames.items[i].line >= 0 &&
			  strlen(frames.items[i].code->file) <= 4 * 4096 &&
			  strlen(frames.items[i].code->function) <= 4 * 4096;
	return is_good;
}

/* As genuine, corrupted, and genuine again: with one set of code objects, as in a run. */
static void replay(const char *version)
{
	struct image_page *kept = malloc(image.count * sizeof(*kept));
	unsigned seed = 1, genuine = frames.count, odd = 0;
	struct codes *codes;
	uint64_t state = 0;
	double worst = 0;

	for (unsigned i = 0; i < image.count; i++)
		kept[i] = *image.pages[i];
	ck_assert_int_eq(codes_new(&folders, &codes), 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		double start = cpu_s(), took;

		corrupt(&seed);
		walk(codes, 2 * round + 1, &state);
		took = cpu_s() - start;
		worst = took > worst ? took : worst;
		ck_assert_msg(is_bounded(), "%s, round %u", version, round);
		odd += frames.count != genuine;
		for (unsigned i = 0; i < image.count; i++)
			*image.pages[i] = kept[i];
		if (codes_is_full(codes)) {
			codes_drop(codes);
			ck_assert_int_eq(codes_new(&folders, &codes), 0);
		}
	}
	/* The corruption does reach what is walked. */
	ck_assert_uint_gt(odd, ROUNDS / 10);
	ck_assert_msg(worst < WALK_MAX_S, "%s: %.3f s", version, worst);
	walk(codes, 2 * ROUNDS + 1, &state);
	ck_assert_uint_eq(frames.count, genuine);
	codes_drop(codes);
	free(kept);
}

START_TEST(corrupted_memory)
{
	const struct python *python = &pythons[_i];
	const struct pages_source recorder = { fetch_and_keep, NULL };
	struct pages_source source = image_source(&image);
	uint64_t state = 0;
	struct codes *codes;

	start_child(python->path);
	ck_assert_int_eq(pages_new(&pages), 0);
	pages_begin(pages, child.pid, 0, PAGES_ROOM);
	ck_assert_int_eq(runtimes_find(child.pid, pages, &runtimes), 0);
	ck_assert_msg(runtimes.count > 0, "%s: %s", python->version, runtimes.reason);
	ck_assert_uint_eq(runtimes.items[0].layout.minor, python->minor);
	pages_set_source(pages, &recorder);
	ck_assert_int_eq(codes_new(&folders, &codes), 0);
	ck_assert_ptr_null(walk(codes, 1, &state));
	check_genuine(python->version);
	end_child();
	pages_set_source(pages, &source);
	replay(python->version);
	codes_drop(codes);
	pages_free(pages);
	image_free(&image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay");
	TCase *tcase = tcase_create("every CPython");

	python_count = pythons_find(pythons);
	pythons_say_missing(pythons, python_count);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, corrupted_memory, 0, (int)python_count);
	suite_add_tcase(suite, tcase);
	return suite_run(suite) || !python_count ? EXIT_FAILURE : EXIT_SUCCESS;
}
