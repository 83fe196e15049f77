/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guarded.h: the part of racer.c that knows what a race must not change or reach.  Included once, by
 * racer.c.
 */
#ifndef TESTS_LIVE_PROGRAMS_GUARDED_H
#define TESTS_LIVE_PROGRAMS_GUARDED_H

static char base[256];

static char *below(const char *name)
{
	static _Thread_local char names[8][PATH_MAX];
	static _Thread_local unsigned next;
	char *at = names[next++ % 8];

	snprintf(at, PATH_MAX, "%s/%s", base, name);
	return at;
}

static long outcome(long result)
{
	return result < 0 ? -errno : result;
}

static void die(const char *what)
{
	perror(what);
	exit(3);
}

static const char *const guarded[] = { "no", "no/file", "see", "see/file" };
static struct stat guarded_stat[4];

static void remember(void)
{
	for (int i = 0; i < 4; i++)
		if (stat(below(guarded[i]), &guarded_stat[i]) < 0)
			die(guarded[i]);
}

static bool is_changed(void)
{
	for (int i = 0; i < 4; i++) {
		struct stat now;

		if (stat(below(guarded[i]), &now) < 0 ||
		    memcmp(&now.st_ctim, &guarded_stat[i].st_ctim, sizeof(now.st_ctim)) != 0)
			return true;
	}
	return false;
}

static bool is_file(const struct stat *st, int i)
{
	return st->st_dev == guarded_stat[i].st_dev && st->st_ino == guarded_stat[i].st_ino;
}

/*
 * no/file may be reached by descriptors 0 (reading) and 2 (appending) from the start, in the kind
 * "held": what is new must not do more than one of them.
 */
static bool was_held(int flags)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) < 0 || !is_file(&st, 1))
		return false;
	return (flags & O_ACCMODE) == O_RDONLY ||
	       ((flags & O_ACCMODE) == O_WRONLY && flags & O_APPEND);
}

static bool reaches_forbidden(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	if (fstat(fd, &st) < 0 || flags < 0)
		return true;
	if (is_file(&st, 3))
		return (flags & O_ACCMODE) != O_RDONLY;
	return is_file(&st, 1) && !was_held(flags);
}

/* Makes use of a win, so that it can be seen from outside. */
static void exploit(int fd)
{
	char text[64];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n > 0)
		printf("read: %.*s\n", (int)n, text);
	if (write(fd, "PWNED", 5) == 5)
		printf("written\n");
}

#endif
