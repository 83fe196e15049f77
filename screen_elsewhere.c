/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_elsewhere.c: screen.h in a program without the screen: whoever wants one becomes
 * `pyjail-tui`, the same program with it.
 *
 * So a run without a screen loads no library but libc, and holds no code that draws.
 */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "tui/tui.h"

/* Beside us, as make leaves it; or where make install puts what nobody calls by name. */
static const char *const places[] = { "/pyjail-tui", "/../libexec/pyjail/pyjail-tui" };

extern char **environ;

static int own_folder(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (n < 0)
		return -errno;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

/* Ours, or root's: a copy of pyjail in /tmp must not run what somebody else left beside it. */
static bool is_trusted(int fd)
{
	struct stat self, other;

	return stat("/proc/self/exe", &self) == 0 && fstat(fd, &other) == 0 &&
	       S_ISREG(other.st_mode) && (other.st_uid == self.st_uid || other.st_uid == 0);
}

/* Returns only when it is not there, or cannot be executed. */
static int become(const char *path, char *const *argv)
{
	int fd = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	int e = fd < 0 ? -errno : is_trusted(fd) ? 0 : -EACCES;

	if (e == 0) {
		/* By descriptor: what was looked at is what runs. */
		execveat(fd, "", argv, environ, AT_EMPTY_PATH);
		e = -errno;
	}
	if (fd >= 0)
		close(fd);
	return e;
}

int screen_claim(char *const *argv)
{
	char folder[PATH_MAX], path[PATH_MAX + 64];
	struct fault fault = { 0 };
	int e = own_folder(folder, sizeof(folder));

	for (size_t i = 0; e == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", folder, places[i]);
		e = become(path, argv);
		e = e == -ENOENT ? 0 : e;
	}
	fault_set(&fault, "there is no screen: pyjail-tui: %s", strerror(e < 0 ? -e : ENOENT));
	snprintf(fault.cure, sizeof(fault.cure),
		 "it belongs beside pyjail, or into ../libexec/pyjail: install pyjail again");
	say_fault(&fault);
	return EXIT_USAGE;
}

/* ---- never reached: screen_claim comes first ---- */

int screen_check(const struct options *options)
{
	(void)options;
	return say_failure("--tui", ENOSYS);
}

int screen_run(const struct options *options, const struct setup *setup, screen_run_fn *run,
	       void *data)
{
	(void)options;
	(void)setup;
	(void)run;
	(void)data;
	return say_failure("--tui", ENOSYS);
}

int tui_run(const struct tui_config *config, enum tui_end *ret_end, struct fault *ret_fault)
{
	(void)config;
	(void)ret_end;
	fault_set(ret_fault, "there is no screen");
	return -ENOSYS;
}
