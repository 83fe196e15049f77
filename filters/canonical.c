/* SPDX-License-Identifier: Apache-2.0 */
/* canonical.c: see canonical.h. */
#include "filters/canonical.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
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

static int copy_path(const char *path, char **ret_path)
{
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	*ret_path = copy;
	return 0;
}

/* `real` is "" for the root folder; `rest` begins with a slash, or is "". */
static int join(const char *real, const char *rest, char **ret_path)
{
	char *path;

	if (!*real && !*rest)
		return copy_path("/", ret_path);
	path = text_join(real, rest, "");
	if (!path)
		return -ENOMEM;
	*ret_path = path;
	return 0;
}

/* `head` is a copy of `path`; it is cut from behind until the file system knows it. */
static int resolve(const char *path, char *head, char **ret_path)
{
	char *real = NULL;
	int error;

	while (*head && !(real = real_path(head))) {
		if (errno == ENOMEM)
			return -ENOMEM;
		*strrchr(head, '/') = '\0';
	}
	error = join(real && strcmp(real, "/") != 0 ? real : "", path + strlen(head), ret_path);
	free(real);
	return error;
}

int canonical_path(const char *path, char **ret_path)
{
	char *head;
	int error;

	if (is_own_name(path) || strcmp(path, "/") == 0)
		return copy_path(path, ret_path);
	head = strdup(path);
	error = head ? resolve(path, head, ret_path) : -ENOMEM;
	free(head);
	return error;
}

static void forget(struct canonical_folder *folder)
{
	free(folder->named);
	free(folder->real);
	*folder = (struct canonical_folder){ NULL, NULL };
}

void canonical_folders_drop(struct canonical_folders *folders)
{
	for (unsigned i = 0; i < CANONICAL_FOLDERS; i++)
		forget(&folders->known[i]);
}

static const struct canonical_folder *find(const struct canonical_folders *folders,
					   const char *path, size_t size)
{
	for (unsigned i = 0; i < CANONICAL_FOLDERS; i++) {
		const char *named = folders->known[i].named;

		if (named && strncmp(named, path, size) == 0 && named[size] == '\0')
			return &folders->known[i];
	}
	return NULL;
}

static bool is_plain(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static const char *real_folder(struct canonical_folders *folders, const char *path, size_t size);

/*
 * What is no link, or is not there, is the folder's path and its name.  NULL: a link, and whatever
 * else may be wrong, is left to the long way.
 */
static char *short_way(struct canonical_folders *folders, const char *path)
{
	const char *slash = strrchr(path, '/'), *folder;
	char target[1], *joined;

	if (!slash || !is_plain(slash + 1) || is_own_name(path))
		return NULL;
	folder = real_folder(folders, path, (size_t)(slash - path));
	joined = folder ? text_join(folder, slash, "") : NULL;
	if (!joined || (readlink(joined, target, sizeof(target)) < 0 &&
			(errno == EINVAL || errno == ENOENT)))
		return joined;
	free(joined);
	return NULL;
}

/* Of the first `size` bytes of `path`; "" is the root folder, NULL: nothing is known of it. */
static const char *real_folder(struct canonical_folders *folders, const char *path, size_t size)
{
	const struct canonical_folder *known = find(folders, path, size);
	struct canonical_folder *folder;
	char *named, *real;

	if (known || size == 0)
		return known ? known->real : "";
	named = strndup(path, size);
	if (!named)
		return NULL;
	real = short_way(folders, named);
	if (!real)
		real = real_path(named);
	if (real && strcmp(real, "/") == 0)
		*real = '\0';
	folder = &folders->known[folders->next++ % CANONICAL_FOLDERS];
	forget(folder);
	*folder = (struct canonical_folder){ named, real };
	return real;
}

int canonical_path_below(struct canonical_folders *folders, const char *path, char **ret_path)
{
	char *found = short_way(folders, path);

	if (!found)
		return canonical_path(path, ret_path);
	*ret_path = found;
	return 0;
}

static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

int canonical_link(const char *path, char **ret_path)
{
	char *folder, *parent = NULL;
	const char *name = strrchr(path, '/');
	int error;

	if (is_own_name(path) || !is_link(path))
		return -ENOENT;
	folder = name == path ? strdup("/") : strndup(path, (size_t)(name - path));
	if (!folder)
		return -ENOMEM;
	error = canonical_path(folder, &parent);
	if (!error)
		error = join(strcmp(parent, "/") == 0 ? "" : parent, name, ret_path);
	free(folder);
	free(parent);
	return error;
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
