/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_storm.c: a timer signal every 200 us, death at any moment: no call is lost or done twice.
 *
 * A signal before the notification is received makes the kernel start the call again: a broker that
 * acts too early creates twice, one that forgets the call loses it.  Both doors are tried, and a
 * kernel whose signals take back what was received.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/profile.h"
#include "tests/support/race.h"
#include "tests/support/suite.h"

#define CALLS 5000
#define DEATHS 500
#define SETTLE_S 5.0
/* Signals of 200 us; where fewer come than one in so many calls, nothing was interrupted. */
#define CALLS_PER_SIGNAL 5

enum way {
	BY_NOTIFICATION, BY_STOP, BY_OLD_KERNEL
};

static const char *const ways[] = { "notify", "stop", "old" };

static const struct {
	const char *timer, *flags, *landlock;
	enum way way;
} storms[] = {
	{ "process", "restart", "--color=never", BY_NOTIFICATION },
	{ "process", "none", "--no-landlock", BY_STOP },
	{ "process", "none", "--no-landlock", BY_NOTIFICATION },
	{ "thread", "restart", "--no-landlock", BY_STOP },
	{ "thread", "restart", "--no-landlock", BY_NOTIFICATION },
	{ "thread", "none", "--color=never", BY_STOP },
	{ "process", "none", "--no-landlock", BY_OLD_KERNEL },
	{ "thread", "restart", "--color=never", BY_OLD_KERNEL },
};

/* The script becomes storm.c. */
#define BECOME "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"

struct grants {
	char exec[4096], read[128], write[128];
};

static struct grants grant_all(void)
{
	struct grants grants;

	ck_assert_int_eq(mkdir(jail_path("out"), 0700), 0);
	snprintf(grants.exec, sizeof(grants.exec), "--allow-exec=%s", race_program("storm"));
	snprintf(grants.read, sizeof(grants.read), "--allow-read=%s", jail_path("out"));
	snprintf(grants.write, sizeof(grants.write), "--allow-write=%s", jail_path("out"));
	return grants;
}

/* Entries whose name begins so. */
static unsigned count_entries(char kind)
{
	DIR *dir = opendir(jail_path("out"));
	const struct dirent *entry;
	unsigned n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)))
		n += entry->d_name[0] == kind;
	closedir(dir);
	return n;
}

/* Each file holds its own number, once. */
static void check_contents(void)
{
	char name[32], text[32];

	for (unsigned long i = 0; i < race_rounds(CALLS); i++) {
		const char *found;

		snprintf(name, sizeof(name), "out/f.%lu", i);
		snprintf(text, sizeof(text), "%lu", i);
		found = jail_read_file(name);
		ck_assert_msg(found && strcmp(found, text) == 0, "%s holds %s", name,
			      found ? found : "nothing");
	}
}

/*
 * Tracer and tracee share a processor.  Where a stop wakes somebody on another one it may take as
 * long as the timer's period, and then a call gets through once in a hundred tries.
 */
static void stay_on_one_processor(void)
{
	cpu_set_t allowed, one;
	int cpu = 0;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	while (!CPU_ISSET(cpu, &allowed))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

static const char *rounds_text(unsigned long rounds)
{
	static char text[32];

	snprintf(text, sizeof(text), "%lu", race_rounds(rounds));
	return text;
}

static void run_storm(const struct grants *grants, int i, const char *what)
{
	const char *words[] = {
		"--quiet", storms[i].landlock, grants->exec, grants->read, grants->write,
		storms[i].way == BY_STOP ? jail_stop_door() : "--stack=off",
		"-c", BECOME, race_program("storm"), what, jail_path("out"), rounds_text(CALLS),
		storms[i].timer, storms[i].flags, NULL
	};
	struct jail *jail = calloc(1, sizeof(*jail));
	unsigned long failures, signals;
	int error, leaked;

	ck_assert_ptr_nonnull(jail);
	jail_run(jail, NULL, 120, words);
	ck_assert_msg(sscanf(jail->out, "failures %lu errno %d signals %lu leaked %d", &failures,
			     &error, &signals, &leaked) == 4,
		      "no outcome: status %d signal %d after %.1f s\n%s\n%s", jail->status,
		      jail->signal, jail->wall_s, jail->out, jail->err);
	printf("  %-7s %-8s %-7s %-15s %-6s %lu signals, %.1f s\n", what, storms[i].timer,
	       storms[i].flags, storms[i].landlock, ways[storms[i].way], signals,
	       jail->wall_s);
	ck_assert_msg(failures == 0, "%lu calls failed, the first with errno %d", failures, error);
	ck_assert_int_eq(leaked, 0);
	ck_assert_uint_ge(signals, race_rounds(CALLS) / CALLS_PER_SIGNAL);
	ck_assert_int_eq(jail->status, 0);
	ck_assert_int_eq(jail_denied(jail), 0);
	jail_free(jail);
	free(jail);
}

START_TEST(every_call_happens_once)
{
	struct grants grants = grant_all();

	if (storms[_i].way == BY_OLD_KERNEL)
		ck_assert_int_eq(profile_forget_wait_killable(), 0);
	stay_on_one_processor();
	run_storm(&grants, _i, "make");
	ck_assert_uint_eq(count_entries('f'), race_rounds(CALLS));
	ck_assert_uint_eq(count_entries('d'), race_rounds(CALLS));
	check_contents();
	run_storm(&grants, _i, "remove");
	ck_assert_uint_eq(count_entries('f'), 0);
	ck_assert_uint_eq(count_entries('d'), 0);
}
END_TEST

/* ---- death ---- */

/* Entries of /proc/PID/WHAT; 0: may not be read. */
static unsigned count_own(pid_t pid, const char *what)
{
	char path[64];
	unsigned n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* What pyjail holds returns to what it was; its workers may take a moment to end. */
static void check_settles(pid_t pid, const char *what, unsigned before)
{
	double until = live_now_s() + SETTLE_S;

	while (count_own(pid, what) > before) {
		ck_assert_msg(live_now_s() < until, "%u entries in /proc/pyjail/%s, before %u",
			      count_own(pid, what), what, before);
		live_sleep(0.02);
	}
}

static void expect_line(FILE *from, const char *line)
{
	char text[128] = "";

	ck_assert_ptr_nonnull(fgets(text, sizeof(text), from));
	ck_assert_str_eq(text, line);
}

static void go_on(int to)
{
	ck_assert_int_eq(write(to, "\n", 1), 1);
}

START_TEST(death_at_any_moment_leaves_nothing)
{
	struct grants grants = grant_all();
	const char *words[] = { "--quiet", _i % 2 ? "--no-landlock" : "--color=never",
				_i / 2 ? jail_stop_door() : "--stack=off", grants.exec,
				grants.read, grants.write, "-c", BECOME, race_program("storm"),
				"die", jail_path("out"), rounds_text(DEATHS), NULL };
	unsigned descriptors, tasks;
	int in[2], out[2];
	FILE *from;
	pid_t pid;

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	pid = live_start(in[0], out[1], -1, words);
	close(in[0]);
	close(out[1]);
	from = fdopen(out[0], "r");
	ck_assert_ptr_nonnull(from);
	expect_line(from, "ready\n");
	descriptors = count_own(pid, "fd");
	tasks = count_own(pid, "task");
	ck_assert_uint_gt(tasks, 0);
	/* pyjail is not dumpable: its descriptors are shown to root only. */
	if (geteuid() != 0)
		printf("skip: only root can count the descriptors of pyjail\n");
	else
		ck_assert_uint_gt(descriptors, 0);
	go_on(in[1]);
	expect_line(from, "failures 0\n");
	check_settles(pid, "fd", descriptors);
	check_settles(pid, "task", tasks);
	go_on(in[1]);
	fclose(from);
	ck_assert_int_eq(live_wait(pid, 10), 0);
	close(in[1]);
	live_check_nothing_left(1.0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("storm");
	TCase *tcase = tcase_create("storm");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, every_call_happens_once, 0, ARRAY_SIZE(storms));
	tcase_add_loop_test(tcase, death_at_any_moment_leaves_nothing, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
