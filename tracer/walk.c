/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: see walk.h. */
#include "tracer/walk.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/fdname.h"
#include "tracer/hidden.h"

#define LINKS_MAX 40            /* as the kernel: path_resolution(7) */
#define PROC_ROOT_INODE 1       /* include/linux/proc_fs.h: PROC_ROOT_INO */
#define WALK_TEXT_MAX (2 * PATH_MAX)

/* One walk: where it stands, and the text that is left. */
struct position {
	struct walk *walk;
	int at;
	unsigned links;
	char rest[WALK_TEXT_MAX];
};

pid_t walk_proc_pid(const char *path, const char **ret_rest)
{
	long pid = 0;
	const char *p = path + 6;

	if (strncmp(path, "/proc/", 6) != 0 || !isdigit((unsigned char)*p))
		return 0;
	for (; isdigit((unsigned char)*p) && pid < INT_MAX / 10; p++)
		pid = 10 * pid + (*p - '0');
	if (*p != '\0' && *p != '/')
		return 0;
	*ret_rest = p;
	return (pid_t)pid;
}

bool walk_has_number(const char *path)
{
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		size_t digits = strspn(p + 1, "0123456789");

		if (digits > 0 && (p[1 + digits] == '/' || p[1 + digits] == '\0'))
			return true;
	}
	return false;
}

bool walk_is_foreign(const struct tracer *tracer, pid_t pid)
{
	if (tracee_find(&tracer->tracees, pid))
		return false;
	if (!pid || !tracer->config->policy->allows_all)
		return true;
	/* /proc/N answers for every thread, listed or not: the watchdog, a worker. */
	return tgkill(tracer->self, pid, 0) == 0;
}

bool walk_is_on_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

static bool is_proc_root(int fd)
{
	struct stat st;

	return walk_is_on_proc(fd) && fstat(fd, &st) == 0 && st.st_ino == PROC_ROOT_INODE;
}

static void step_to(struct position *pos, int fd)
{
	close(pos->at);
	pos->at = fd;
}

static int go_to_root(struct position *pos)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	step_to(pos, fd);
	return 0;
}

/* Puts a link's text in front of what is left. */
static int prepend(struct position *pos, const char *text)
{
	char joined[WALK_TEXT_MAX];
	int n = snprintf(joined, sizeof(joined), "%s%s%s", text, pos->rest[0] ? "/" : "",
			 pos->rest);

	if (n < 0 || (size_t)n >= sizeof(joined))
		return -ENAMETOOLONG;
	memcpy(pos->rest, joined, (size_t)n + 1);
	if (++pos->links > LINKS_MAX)
		return -ELOOP;
	pos->walk->held_pid = 0;
	return text[0] == '/' ? go_to_root(pos) : 0;
}

/* "self" and "thread-self" name whoever looks: here, the tracee. */
static bool translate_self(const struct position *pos, const char *name, char *out, size_t size)
{
	const struct walk *walk = pos->walk;

	if (!is_proc_root(pos->at))
		return false;
	if (strcmp(name, "self") == 0)
		snprintf(out, size, "%d", walk->pid);
	else if (strcmp(name, "thread-self") == 0)
		snprintf(out, size, "%d/task/%d", walk->pid, walk->tid);
	else
		return false;
	return true;
}

/* Every link below /proc/N jumps (cwd, root, exe, fd/M, ns/..., map_files/...): proc(5). */
static int follow_jump(struct position *pos, const char *name)
{
	struct walk *walk = pos->walk;
	char path[PATH_MAX];
	const char *rest = "";
	pid_t pid;
	ssize_t n;
	int fd;

	n = readlink(fd_path(pos->at).text, path, sizeof(path) - 1);
	if (n < 0)
		return -errno;
	path[n] = '\0';
	pid = walk_proc_pid(path, &rest);
	if (walk_is_foreign(walk->tracer, pid)) {
		walk->is_foreign = true;
		return -EACCES;
	}
	fd = openat(pos->at, name, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = (ssize_t)strlen(rest);
	if (n >= 3 && strcmp(rest + n - 3, "/fd") == 0) {
		walk->held_pid = pid;
		walk->held_fd = atoi(name);
	}
	step_to(pos, fd);
	return 0;
}

static int follow_link(struct position *pos, int link, const char *name)
{
	char text[PATH_MAX];
	ssize_t n;

	if (walk_is_on_proc(link) && !is_proc_root(pos->at))
		return follow_jump(pos, name);
	n = readlinkat(link, "", text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return prepend(pos, text);
}

/*
 * What is hidden is not passed.  Where the path ends at it (with slashes maybe, or at a link that
 * is hidden itself) the walk ends, too: it is judged by its name.
 */
static int meet_hidden(struct position *pos, int fd, bool is_last)
{
	if (is_last) {
		step_to(pos, fd);
		pos->rest[0] = '\0';
		return 0;
	}
	pos->walk->is_behind = true;
	close(fd);
	return -ENOENT;
}

static int step(struct position *pos, const char *name)
{
	struct walk *walk = pos->walk;
	bool is_last = pos->rest[strspn(pos->rest, "/")] == '\0';
	bool has_slash = pos->rest[0] == '/';
	char self[48];
	struct stat st;
	int fd, e;

	if (translate_self(pos, name, self, sizeof(self)))
		return prepend(pos, self);
	fd = openat(pos->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	walk->held_pid = 0;
	if (walk->hidden && hidden_fd(walk->tracer, fd, walk->hidden, PATH_MAX))
		return meet_hidden(pos, fd, is_last);
	if (fstat(fd, &st) < 0 || !S_ISLNK(st.st_mode) ||
	    (is_last && !has_slash && !walk->follows_last)) {
		step_to(pos, fd);
		return is_last && has_slash && !S_ISDIR(st.st_mode) ? -ENOTDIR : 0;
	}
	e = follow_link(pos, fd, name);
	close(fd);
	return e;
}

/* Cuts the next name off what is left; false at the end.  -ENAMETOOLONG is the kernel's to find. */
static bool next_name(struct position *pos, char *name, size_t size)
{
	const char *start = pos->rest + strspn(pos->rest, "/");
	size_t n = strcspn(start, "/");

	if (n == 0)
		return false;
	if (n >= size)
		n = size - 1;
	memcpy(name, start, n);
	name[n] = '\0';
	memmove(pos->rest, start + n, strlen(start + n) + 1);
	return true;
}

int walk_path(struct walk *walk, int base, const char *path)
{
	struct position pos = { .walk = walk };
	char name[NAME_MAX + 2];
	int e = 0;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(pos.rest, path, strlen(path) + 1);
	pos.at = path[0] == '/' ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
				: openat(base, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (pos.at < 0)
		return -errno;
	while (e == 0 && next_name(&pos, name, sizeof(name)))
		e = step(&pos, name);
	if (e == 0)
		return pos.at;
	close(pos.at);
	return e;
}
