/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seeker.c: looks for what is hidden while another thread exchanges what a call means.
 *
 *	seeker KIND ROUNDS
 *
 * In the current folder lie Pfile, Pdir, Pprog (to be seen) and Sfile, Sdir, Sprog (hidden, if they
 * are there at all); one letter makes the difference, and the other thread keeps changing it.  The
 * last line tells the answers that were met, each once: "met 0 2" (errno); "SEEN": what is hidden
 * was reached, or its name was.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ERRORS 134
#define LISTED_MAX 4096

static char path[64];
static char listed[LISTED_MAX];      /* getdents writes here while the other thread reads */
static atomic_bool is_over, is_seen;

static void *keep_flipping(void *data)
{
	(void)data;
	for (unsigned long turn = 0; !is_over; turn++)
		*(volatile char *)path = turn & 1 ? 'S' : 'P';
	return NULL;
}

/* "Sfile" at any place, at any time. */
static void *keep_reading(void *data)
{
	(void)data;
	while (!is_over)
		if (memmem(listed, sizeof(listed), "Sfile", 5))
			is_seen = true;
	return NULL;
}

static int ask_stat(void)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno;
	if (st.st_size != 6)
		is_seen = true;
	return 0;
}

static int ask_open(void)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0 || st.st_size != 6)
		is_seen = true;
	close(fd);
	return 0;
}

static int ask_write(void)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int ask_access(void)
{
	return access(path, F_OK) < 0 ? errno : 0;
}

static int ask_watch(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = (int)syscall(SYS_inotify_init1, 0);
	return syscall(SYS_inotify_add_watch, fd, path, 0xfff) < 0 ? errno : 0;
}

/* On a win the run ends: then there is no last line. */
static int ask_chdir(void)
{
	char where[PATH_MAX] = "";
	int e = chdir(path) < 0 ? errno : 0;

	if (!e && (!getcwd(where, sizeof(where)) || strstr(where, "/Sdir")))
		is_seen = true;
	if (!e && chdir("..") < 0)
		is_seen = true;
	return e;
}

static int ask_exec(void)
{
	char name[] = "x";
	char *const argv[] = { name, NULL };
	pid_t pid = vfork();
	int status;

	if (pid == 0) {
		execve(path, argv, argv + 1);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return ERRORS - 1;
	return WEXITSTATUS(status);
}

static int ask_list(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return errno;
	while (syscall(SYS_getdents64, fd, listed, sizeof(listed)) > 0)
		;
	close(fd);
	return 0;
}

static const struct {
	const char *kind, *name;
	int (*ask)(void);
	void *(*meanwhile)(void *);
} kinds[] = {
	{ "stat", "Pfile", ask_stat, keep_flipping },   { "open", "Pfile", ask_open, keep_flipping },
	{ "write", "Pfile", ask_write, keep_flipping }, { "access", "Pfile", ask_access, keep_flipping },
	{ "watch", "Pdir", ask_watch, keep_flipping },  { "chdir", "Pdir", ask_chdir, keep_flipping },
	{ "exec", "Pprog", ask_exec, keep_flipping },   { "list", "", ask_list, keep_reading },
};

int main(int argc, char **argv)
{
	unsigned long rounds = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	static bool met[256];
	size_t kind = 0;
	pthread_t thread;

	while (argc == 3 && strcmp(kinds[kind].kind, argv[1]) != 0)
		kind++;
	strcpy(path, kinds[kind].name);
	if (pthread_create(&thread, NULL, kinds[kind].meanwhile, NULL) != 0)
		return 3;
	while (rounds-- > 0)
		met[kinds[kind].ask() & 255] = true;
	is_over = true;
	pthread_join(thread, NULL);
	printf("met");
	for (int e = 0; e < 256; e++)
		if (met[e])
			printf(" %d", e);
	printf("%s\n", is_seen ? " SEEN" : "");
	return 0;
}
