/* SPDX-License-Identifier: Apache-2.0 */
/* canonical.c: see canonical.h. */
#include "filters/canonical.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "filters/match.h"

/*
 * These mean somebody else to whoever asks: realpath(3) would give the tracer's, but the paths
 * that are judged say /proc/self for the script's own.
 */
static const char *const own_names[] = {
	"/proc/self", "/proc/thread-self", "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr",
};

static bool is_own_name(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_names); i++)
		if (match_below(own_names[i], path))
			return true;
	return false;
}

/* realpath(3), with our own number in /proc (through a link such as /proc/mounts) as self. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL);
	char own[32];
	const char *below;
	char *made;

	snprintf(own, sizeof(own), "/proc/%d", (int)getpid());
	below = real ? match_below(own, real) : NULL;
	if (!below)
		return real;
	if (asprintf(&made, "/proc/self%s%s", *below ? "/" : "", below) < 0)
		made = NULL;
	free(real);
	return made;
}

int canonical_path(const char *path, char **ret_path)
{
	cleanup_free char *head = strdup(path);
	cleanup_free char *real = NULL;

	if (!head)
		return -ENOMEM;
	if (is_own_name(path) || strcmp(path, "/") == 0) {
		*ret_path = strdup(path);
		return *ret_path ? 0 : -ENOMEM;
	}
	while (*head && !(real = real_path(head))) {
		if (errno == ENOMEM)
			return -ENOMEM;
		*strrchr(head, '/') = '\0';
	}
	if (asprintf(ret_path, "%s%s", real && strcmp(real, "/") != 0 ? real : "",
		     path + strlen(head)) < 0)
		return -ENOMEM;
	if (**ret_path)
		return 0;
	free(*ret_path);                 /* a link to "/" itself */
	*ret_path = strdup("/");
	return *ret_path ? 0 : -ENOMEM;
}

int canonical_link(const char *path, char **ret_path)
{
	cleanup_free char *parent = NULL;
	cleanup_free char *folder = strdup(path);
	const char *name = strrchr(path, '/');
	struct stat st;
	int error;

	if (!folder)
		return -ENOMEM;
	if (is_own_name(path) || lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return -ENOENT;
	folder[name == path ? 1 : name - path] = '\0';
	error = canonical_path(folder, &parent);
	if (error)
		return error;
	if (asprintf(ret_path, "%s%s", strcmp(parent, "/") == 0 ? "" : parent, name) < 0)
		return -ENOMEM;
	return 0;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

int canonical_program(const char *name, char **ret_path)
{
	const char *folder = getenv("PATH");

	while (folder && *folder) {
		cleanup_free char *path = NULL;
		size_t size = strcspn(folder, ":");

		if (asprintf(&path, "%.*s/%s", (int)size, folder, name) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		if (path[0] == '/' && size > 0 && is_program(path))
			return canonical_path(path, ret_path);
		folder += size + (folder[size] == ':');
	}
	return -ENOENT;
}
