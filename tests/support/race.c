/* SPDX-License-Identifier: Apache-2.0 */
/* race.c: see race.h. */
#include "tests/support/race.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET "SECRET"
#define RUN_TIMEOUT_S 120

/* A folder whose entries, and the one file in it, must stay as they were. */
struct guarded {
	const char *folder;
	struct stat folder_stat, file_stat;
};

const char *race_program(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	const char *folder = getenv("PYJAIL_PROGRAMS");
	char path[PATH_MAX], *found = paths[next++ % 4];

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "build/release/tests/programs",
		 name);
	ck_assert_msg(realpath(path, found) != NULL, "%s is not there: make tests-build", path);
	return found;
}

unsigned long race_rounds(unsigned long rounds)
{
	const char *part = getenv("PYJAIL_RACE_PART");
	unsigned long divisor = part ? strtoul(part, NULL, 10) : 1;

	return rounds / (divisor > 0 && divisor <= 10 ? divisor : 1);
}

static void make_script(const char *name, const char *interpreter)
{
	char text[PATH_MAX];

	snprintf(text, sizeof(text), "#!%s\n", race_program(interpreter));
	jail_write_file(name, text);
	ck_assert_int_eq(chmod(jail_path(name), 0700), 0);
}

static void make_link(const char *to, const char *name)
{
	ck_assert_int_eq(symlink(to, jail_path(name)), 0);
}

static void make_folder(const char *name)
{
	ck_assert_int_eq(mkdir(jail_path(name), 0700), 0);
}

/* The programs of both folders have the same names, so that one letter makes the difference. */
static void make_programs(void)
{
	make_link(race_program("quiet"), "go/program");
	make_link(race_program("loud"), "no/program");
	make_script("go/script", "quiet");
	make_script("no/script", "loud");
	make_script("go/same_script", "quiet");
	make_script("no/same_script", "quiet");
	make_link("program", "go/run");
	make_link("../no/program", "go/other_run");
}

void race_setup(void)
{
	jail_setup();
	make_folder("go");
	make_folder("see");
	make_folder("no");
	jail_write_file("go/file", "public");
	jail_write_file("see/file", "public");
	jail_write_file("no/file", SECRET);
	make_folder("no/folder");
	make_link("file", "go/link");
	make_link("../no/file", "go/other_link");
	make_folder("go/way");
	jail_write_file("go/way/file", "public");
	make_link("../no", "go/other_way");
	make_programs();
}

static void look_at(struct guarded *guarded)
{
	char name[32];

	ck_assert_int_eq(stat(jail_path(guarded->folder), &guarded->folder_stat), 0);
	snprintf(name, sizeof(name), "%s/file", guarded->folder);
	/* A file that is gone differs from every other. */
	if (stat(jail_path(name), &guarded->file_stat) < 0)
		memset(&guarded->file_stat, 0, sizeof(guarded->file_stat));
}

/* The change time tells of everything but reading: contents, mode, links, entries. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mode == b->st_mode &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static bool is_untouched(const struct guarded *before)
{
	struct guarded now = { .folder = before->folder };

	look_at(&now);
	return is_same(&now.folder_stat, &before->folder_stat) &&
	       is_same(&now.file_stat, &before->file_stat);
}

static bool has_text(const char *name, const char *text)
{
	const char *found = jail_read_file(name);

	return found && strcmp(found, text) == 0;
}

/* Not in the jail: it exchanges while the tracer itself is between two steps. */
static pid_t start_outsider(const char *kind)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(race_program("racer"), "racer", "swap", kind, jail_folder, "0", "0", (char *)NULL);
	_exit(98);
}

static void end_outsider(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	/* It was still exchanging when the race ended. */
	ck_assert(WIFSIGNALED(status));
}

/* "--allow-X=" and a path. */
static const char *grant(const char *option, const char *path)
{
	static char options[8][PATH_MAX];
	static unsigned next;
	char *text = options[next++ % 8];

	snprintf(text, PATH_MAX, "--allow-%s=%s", option, path);
	return text;
}

static void run_jailed(struct jail *jail, const struct race *race)
{
	char rounds[32], seconds[32], deny[128];
	const char *words[40] = {
		"-c", "exec \"$@\" 2>>no/file <no/file", "sh", race->program,
		"--python=/usr/bin/python3", "--quiet",
		grant("read", jail_path("go")), grant("read", jail_path("see")),
		grant("write", jail_path("go")),
		grant("exec", race_program("racer")), grant("exec", race_program("quiet")),
		grant("exec", jail_path("go/script")), grant("exec", jail_path("go/same_script")),
		/* -c would read the current folder, which is this one. */
		deny, race->has_landlock ? "--color=never" : "--no-landlock",
		race->by_stop ? jail_stop_door() : "--stack=off",
		"-c", "import os, sys; os.execv(sys.argv[1], sys.argv[1:])",
		race_program("racer"), race->by == RACE_BY_THREAD ? "run" : "wait", race->kind,
		jail_folder, rounds, seconds,
	};

	snprintf(deny, sizeof(deny), "--deny-read=%s", jail_folder);
	snprintf(rounds, sizeof(rounds), "%lu", race->rounds);
	snprintf(seconds, sizeof(seconds), "%g", race->seconds);
	/* Without a shell in between, descriptors 0 and 2 are the test's. */
	jail_run_program(jail, race->is_held ? "/bin/sh" : race->program, NULL, RUN_TIMEOUT_S,
			 words + (race->is_held ? 0 : 4));
}

static void read_outcome(const struct jail *jail, struct race_outcome *ret)
{
	const char *line = strstr(jail->out, "rounds ");

	ck_assert_msg(line && sscanf(line, "rounds %lu got %lu refused %lu killed %lu other %lu "
				     "won %lu flips %lu seconds %lf", &ret->rounds, &ret->got,
				     &ret->refused, &ret->killed, &ret->other, &ret->won,
				     &ret->flips, &ret->seconds) == 8,
		      "the racer did not finish: status %d signal %d after %.1f s\n%s\n%s",
		      jail->status, jail->signal, jail->wall_s, jail->out, jail->err);
}

struct race_outcome race_run(const struct race *race)
{
	struct guarded see = { .folder = "see" }, no = { .folder = "no" };
	struct race_outcome outcome = { 0 };
	pid_t outsider = -1;
	struct jail *jail = calloc(1, sizeof(*jail));

	ck_assert_ptr_nonnull(jail);
	look_at(&see);
	look_at(&no);
	if (race->by == RACE_BY_OUTSIDER)
		outsider = start_outsider(race->kind);
	run_jailed(jail, race);
	if (outsider > 0)
		end_outsider(outsider);
	read_outcome(jail, &outcome);
	outcome.was_touched = !is_untouched(&see) || !is_untouched(&no) ||
			      !has_text("no/file", SECRET) || !has_text("see/file", "public");
	outcome.was_told = strstr(jail->out, SECRET) || strstr(jail->out, "PWNED");
	printf("  %-16s %-9s %-8s landlock %-3s %6lu rounds/s: %lu rounds, %lu done, %lu refused, "
	       "%lu killed, %lu other, %lu won, %lu flips\n", race->kind,
	       race->by == RACE_BY_THREAD ? "thread" : "outsider",
	       race->program == jail_program ? "pyjail" : "naive",
	       race->has_landlock ? "on" : "off",
	       (unsigned long)((double)outcome.rounds / outcome.seconds), outcome.rounds,
	       outcome.got, outcome.refused, outcome.killed, outcome.other, outcome.won,
	       outcome.flips);
	fflush(stdout);
	jail_free(jail);
	free(jail);
	return outcome;
}
