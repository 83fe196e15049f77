/* SPDX-License-Identifier: Apache-2.0 */
/*
 * racer.c: one thread makes a call again and again while another exchanges what the call means.
 *
 *	racer run KIND FOLDER ROUNDS SECONDS     both threads; until a win, ROUNDS or SECONDS
 *	racer wait KIND FOLDER ROUNDS SECONDS    only the calls: somebody else exchanges
 *	racer swap KIND FOLDER 0 0               only the exchanging, until killed
 *
 * Below FOLDER: go (may be written), see (may be read), no (neither).  A win is a change below see
 * or no, or a descriptor that reaches no, or writes to see.  The last line says how it went
 * (tests/support/race.c reads it); the test looks from outside whether it is true.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/live/programs/guarded.h"
#include "tests/live/programs/tally.h"

#define FLIPPED_FD 500
#define EXECED_OK 0
#define EXECED_FORBIDDEN 66
#define EXEC_FAILED 77

struct race {
	const char *name;
	void (*prepare)(void);
	void (*flip)(unsigned long turn);
	long (*attempt)(unsigned long round);
	bool opens;                  /* what attempt returns is a descriptor */
};

/* What both threads share. */
static char path[PATH_MAX];
static char *volatile letter;        /* of `path`: 'g' for go, 'n' for no */
static volatile struct open_how how;
static int folders[2];
static atomic_bool is_over;
static atomic_ulong flips;
static bool is_used_up = true;       /* the last call was done: what it needs must be put back */

/* ---- the path is rewritten ---- */

static void prepare_path(const char *name)
{
	snprintf(path, sizeof(path), "%s/go/%s", base, name);
	letter = path + strlen(base) + 1;
}

static void prepare_file(void)
{
	prepare_path("file");
}

static void prepare_new(void)
{
	prepare_path("new");
}

static void flip_path(unsigned long turn)
{
	*(volatile char *)letter = turn & 1 ? 'n' : 'g';
}

static long path_read(unsigned long round)
{
	(void)round;
	return outcome(open(path, O_RDONLY));
}

static long path_write(unsigned long round)
{
	return outcome(open(path, round & 1 ? O_WRONLY : O_RDWR | O_TRUNC));
}

static long path_create(unsigned long round)
{
	int fd = open(path, O_WRONLY | O_CREAT | (round & 1 ? O_EXCL : 0), 0600);
	int e = errno;

	if (fd >= 0)
		unlink(below("go/new"));
	return fd < 0 ? -e : fd;
}

/* By a name that nobody flips. */
static void put_file(const char *name)
{
	int fd = is_used_up ? open(below(name), O_WRONLY | O_CREAT, 0600) : -1;

	if (fd >= 0)
		close(fd);
}

static long path_unlink(unsigned long round)
{
	(void)round;
	put_file("go/file");
	return outcome(unlink(path));
}

static long path_rename(unsigned long round)
{
	(void)round;
	put_file("go/file");
	return outcome(rename(path, below("go/moved")));
}

static long path_rename_to(unsigned long round)
{
	(void)round;
	put_file("go/moved");
	return outcome(rename(below("go/moved"), path));
}

static long path_mkdir(unsigned long round)
{
	(void)round;
	if (is_used_up)
		rmdir(below("go/new"));
	return outcome(mkdir(path, 0700));
}

static long path_rmdir(unsigned long round)
{
	(void)round;
	if (is_used_up)
		mkdir(below("go/folder"), 0700);
	return outcome(rmdir(path));
}

static void prepare_folder(void)
{
	prepare_path("folder");
}

static long path_symlink(unsigned long round)
{
	(void)round;
	if (is_used_up)
		unlink(below("go/new"));
	return outcome(symlink("nowhere", path));
}

static long path_link(unsigned long round)
{
	(void)round;
	if (is_used_up)
		unlink(below("go/linked"));
	return outcome(link(path, below("go/linked")));
}

static long path_chmod(unsigned long round)
{
	return outcome(chmod(path, round & 1 ? 0640 : 0600));
}

static long path_truncate(unsigned long round)
{
	return outcome(truncate(path, round & 1));
}

/* ---- the flags of openat2 are rewritten ---- */

static void prepare_how(void)
{
	snprintf(path, sizeof(path), "%s/see/file", base);
}

static void flip_how(unsigned long turn)
{
	how.flags = turn & 1 ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
	how.mode = turn & 1 ? 0600 : 0;
}

static void flip_how_and_path(unsigned long turn)
{
	flip_how(turn / 3);
	flip_path(turn);
}

static long how_open(unsigned long round)
{
	(void)round;
	return outcome(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)));
}

/* ---- a name comes to mean something else ---- */

static int mixed_flags(unsigned long round)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR | O_CREAT, O_WRONLY | O_APPEND };

	return flags[round % 4];
}

static void flip_link(unsigned long turn)
{
	(void)turn;
	renameat2(AT_FDCWD, below("go/link"), AT_FDCWD, below("go/other_link"), RENAME_EXCHANGE);
}

static long link_open(unsigned long round)
{
	return outcome(open(below("go/link"), mixed_flags(round), 0600));
}

static void flip_folder(unsigned long turn)
{
	(void)turn;
	renameat2(AT_FDCWD, below("go/way"), AT_FDCWD, below("go/other_way"), RENAME_EXCHANGE);
}

static long folder_open(unsigned long round)
{
	return outcome(open(below(round & 8 ? "go/way/new" : "go/way/file"), mixed_flags(round),
			    0600));
}

static void flip_kind(unsigned long turn)
{
	const char *name = below("go/name");

	switch (turn % 6) {
	case 0:
		symlink("../no/new", name);
		break;
	case 2:
		mkfifo(name, 0600);
		break;
	case 4:
		mkdir(name, 0700);
		break;
	default:
		if (remove(name) < 0)
			return;
	}
}

/* O_RDWR, since opening a FIFO for writing only waits for a reader. */
static long kind_open(unsigned long round)
{
	return outcome(open(below("go/name"), O_RDWR | O_CREAT | (round & 1 ? O_EXCL : 0), 0600));
}

/* ---- a descriptor, or the current folder, comes to mean something else ---- */

static void prepare_folders(void)
{
	folders[0] = open(below("go"), O_PATH | O_DIRECTORY);
	folders[1] = open(below("no"), O_PATH | O_DIRECTORY);
	if (folders[0] < 0 || folders[1] < 0 || dup2(folders[0], FLIPPED_FD) < 0)
		die("folders");
}

static void flip_dirfd(unsigned long turn)
{
	dup2(folders[turn & 1], FLIPPED_FD);
}

static long dirfd_open(unsigned long round)
{
	return outcome(openat(FLIPPED_FD, round & 8 ? "new" : "file", mixed_flags(round), 0600));
}

static void flip_cwd(unsigned long turn)
{
	if (turn & 2 ? fchdir(folders[turn & 1]) : chdir(below(turn & 1 ? "no" : "go")))
		return;
}

static long cwd_open(unsigned long round)
{
	return outcome(open(round & 8 ? "new" : "./file", mixed_flags(round), 0600));
}

/* 0 reads no/file, 2 appends to it: inherited.  A third can read and write something else. */
static int held[3];

static void prepare_held(void)
{
	held[0] = STDIN_FILENO;
	held[1] = STDERR_FILENO;
	held[2] = open(below("go/file"), O_RDWR);
	if (held[2] < 0 || dup2(held[2], FLIPPED_FD) < 0)
		die("held");
}

static void flip_held(unsigned long turn)
{
	dup2(held[turn % 3], FLIPPED_FD);
}

static long held_open(unsigned long round)
{
	static const int flags[] = { O_RDWR, O_WRONLY, O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND,
				     O_RDWR | O_APPEND, O_RDONLY | O_TRUNC };
	char name[64];

	snprintf(name, sizeof(name), round & 8 ? "/dev/fd/%d" : "/proc/self/fd/%d", FLIPPED_FD);
	return outcome(open(name, flags[round % 6]));
}

/* ---- exec ---- */

static void prepare_program(void)
{
	prepare_path("program");
}

static void prepare_script(void)
{
	prepare_path("script");
}

static void prepare_same_script(void)
{
	prepare_path("same_script");
}

/* vfork: the child execs out of the memory that the other thread keeps rewriting. */
static long exec_program(const char *program)
{
	char name[] = "program";
	char *const argv[] = { name, NULL }, *const envp[] = { NULL };
	pid_t pid = vfork();
	int status;

	if (pid == 0) {
		execve(program, argv, envp);
		_exit(EXEC_FAILED);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -EAGAIN;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL ? -EOWNERDEAD : -EFAULT;
	switch (WEXITSTATUS(status)) {
	case EXECED_OK:
		return 0;
	case EXEC_FAILED:
		return -EACCES;
	default:
		return EXECED_FORBIDDEN;
	}
}

static long exec_path(unsigned long round)
{
	(void)round;
	return exec_program(path);
}

static long exec_link(unsigned long round)
{
	(void)round;
	return exec_program(below("go/run"));
}

static void flip_exec_link(unsigned long turn)
{
	(void)turn;
	renameat2(AT_FDCWD, below("go/run"), AT_FDCWD, below("go/other_run"), RENAME_EXCHANGE);
}

/* ---- all of them ---- */

static void prepare_nothing(void)
{
}

static const struct race races[] = {
	{ "path_read", prepare_file, flip_path, path_read, true },
	{ "path_write", prepare_file, flip_path, path_write, true },
	{ "path_create", prepare_new, flip_path, path_create, true },
	{ "path_unlink", prepare_file, flip_path, path_unlink, false },
	{ "path_rename", prepare_file, flip_path, path_rename, false },
	{ "path_rename_to", prepare_file, flip_path, path_rename_to, false },
	{ "path_mkdir", prepare_new, flip_path, path_mkdir, false },
	{ "path_rmdir", prepare_folder, flip_path, path_rmdir, false },
	{ "path_symlink", prepare_new, flip_path, path_symlink, false },
	{ "path_link", prepare_file, flip_path, path_link, false },
	{ "path_chmod", prepare_file, flip_path, path_chmod, false },
	{ "path_truncate", prepare_file, flip_path, path_truncate, false },
	{ "how_flags", prepare_how, flip_how, how_open, true },
	{ "how_path", prepare_file, flip_how_and_path, how_open, true },
	{ "link", prepare_nothing, flip_link, link_open, true },
	{ "folder", prepare_nothing, flip_folder, folder_open, true },
	{ "kind", prepare_nothing, flip_kind, kind_open, true },
	{ "dirfd", prepare_folders, flip_dirfd, dirfd_open, true },
	{ "cwd", prepare_folders, flip_cwd, cwd_open, true },
	{ "held", prepare_held, flip_held, held_open, true },
	{ "exec_path", prepare_program, flip_path, exec_path, false },
	{ "exec_script", prepare_script, flip_path, exec_path, false },
	{ "exec_same_script", prepare_same_script, flip_path, exec_path, false },
	{ "exec_link", prepare_nothing, flip_exec_link, exec_link, false },
};

static void *keep_flipping(void *data)
{
	const struct race *race = data;

	for (unsigned long turn = 0; !is_over; turn++) {
		race->flip(turn);
		atomic_fetch_add_explicit(&flips, 1, memory_order_relaxed);
	}
	return NULL;
}

static void count(struct tally *tally, const struct race *race, long result)
{
	tally->rounds++;
	is_used_up = result >= 0;
	tally->got += is_used_up;
	tally->refused += result == -EACCES;
	tally->killed += result == -EOWNERDEAD;
	tally->other += result < 0 && result != -EACCES && result != -EOWNERDEAD;
	if (race->opens && result >= 0) {
		if (reaches_forbidden((int)result)) {
			tally->won++;
			exploit((int)result);
		}
		close((int)result);
	} else if (result == EXECED_FORBIDDEN) {
		tally->won++;
	}
	tally->won += is_changed();
}

static struct tally attempt_all(const struct race *race, unsigned long rounds, double seconds)
{
	struct tally tally = { 0 };
	double start = now_s();

	while ((tally.rounds < rounds || is_one_sided(&tally)) && !tally.won &&
	       now_s() - start < seconds)
		count(&tally, race, race->attempt(tally.rounds));
	tally.seconds = now_s() - start;
	return tally;
}

static const struct race *find_race(const char *name)
{
	for (size_t i = 0; i < sizeof(races) / sizeof(races[0]); i++)
		if (strcmp(races[i].name, name) == 0)
			return &races[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct race *race = argc == 6 ? find_race(argv[2]) : NULL;
	struct tally tally;
	pthread_t thread;

	if (!race)
		return 2;
	snprintf(base, sizeof(base), "%s", argv[3]);
	race->prepare();
	if (strcmp(argv[1], "swap") == 0)
		keep_flipping((void *)race);
	remember();
	if (strcmp(argv[1], "run") == 0 && pthread_create(&thread, NULL, keep_flipping,
							  (void *)race) != 0)
		die("thread");
	tally = attempt_all(race, strtoul(argv[4], NULL, 10), strtod(argv[5], NULL));
	is_over = true;
	if (strcmp(argv[1], "run") == 0)
		pthread_join(thread, NULL);
	tally_print(&tally, flips);
	return 0;
}
