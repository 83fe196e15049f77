/* SPDX-License-Identifier: Apache-2.0 */
/* why_look.c: see why_look.h. */
#include "tracer/why_look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filters/call.h"
#include "filters/canonical.h"
#include "filters/match.h"

static int refuse(struct fault *fault, int error, const char *path)
{
	fault_set(fault, "%s: %s", path, strerror(error));
	return -error;
}

/* The name itself in its canonical folder, or the object that it leads to. */
static int find(const char *absolute, bool is_name, char **ret_path)
{
	if (is_name && canonical_link(absolute, ret_path) == 0)
		return 0;
	return canonical_path(absolute, ret_path);
}

/* A file that exists may be written with dots; of one that does not, they cannot be followed. */
static int make_absolute(const char *path, char *out, size_t size)
{
	char cwd[PATH_MAX];
	size_t length;
	int written;

	if (path[0] == '/')
		written = snprintf(out, size, "%s", path);
	else if (getcwd(cwd, sizeof(cwd)))
		written = snprintf(out, size, "%s/%s", cwd,
				   strncmp(path, "./", 2) ? path : path + 2);
	else
		return -errno;
	if (written < 0 || (size_t)written >= size)
		return -ENAMETOOLONG;
	length = strlen(out);
	while (length > 1 && out[length - 1] == '/')
		out[--length] = '\0';
	return 0;
}

static void describe(const char *path, bool is_name, struct call_file *file)
{
	struct stat about;

	if (fstatat(AT_FDCWD, path, &about, is_name ? AT_SYMLINK_NOFOLLOW : 0) < 0)
		return;
	file->exists = true;
	file->type = about.st_mode & S_IFMT;
	file->is_unreadable = faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0;
}

/* /proc/N of whoever it is: the script's own number is not known before it runs. */
static bool is_foreign_proc(const char *path)
{
	return !strncmp(path, "/proc/", 6) && path[6] >= '0' && path[6] <= '9';
}

int why_look(const char *path, bool is_name, struct call_file *ret_file, struct fault *ret_fault)
{
	char absolute[2 * PATH_MAX];
	char *canonical = NULL;
	int error = make_absolute(path, absolute, sizeof(absolute));

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (error == 0)
		error = find(absolute, is_name, &canonical);
	if (error == 0 && !canonical)
		error = -ENOMEM;
	if (error != 0)
		return refuse(ret_fault, -error, path);
	if (!match_is_canonical(canonical)) {
		free(canonical);
		fault_set(ret_fault, "%s: there is no such folder to go up from", path);
		snprintf(ret_fault->cure, sizeof(ret_fault->cure), "write the path without ..");
		return -EINVAL;
	}
	*ret_file = (struct call_file){ .raw = path, .path = canonical };
	ret_file->is_foreign_proc = is_foreign_proc(canonical);
	describe(canonical, is_name, ret_file);
	return 0;
}
