/* SPDX-License-Identifier: Apache-2.0 */
/* script.c: see script.h. */
#include "tracer/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int refuse(struct fault *fault, int error, const char *path, const char *problem,
		  const char *cure)
{
	fault_set(fault, "%s: %s", path, problem);
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return -error;
}

static int refuse_errno(struct fault *fault, int error, const char *path)
{
	static const struct { int error; const char *cure; } cures[] = {
		{ ENOENT, "check the name; options of the script come after it" },
		{ EACCES, "make it readable (chmod u+r), or name another script" },
		{ ENOTDIR, "check the name" },
	};
	const char *cure = "";

	for (size_t i = 0; i < ARRAY_SIZE(cures); i++) {
		if (cures[i].error == error)
			cure = cures[i].cure;
	}
	return refuse(fault, error, path, strerror(error), cure);
}

/*
 * /dev/stdin, /dev/fd/63 and the like are descriptors under a name: in the jail they would be
 * looked up again, in another process.
 */
static bool is_descriptor(const char *path)
{
	return !strcmp(path, "/dev/stdin") || !strncmp(path, "/dev/fd/", 8) ||
	       !strncmp(path, "/proc/", 6);
}

static int check_kind(const char *path, const struct stat *about, struct fault *fault)
{
	if (is_descriptor(path) || (!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode)))
		return refuse(fault, EINVAL, path, "a script must be a file",
			      "give it on standard input:  pyjail - < FILE");
	return 0;
}

static int check_readable(const char *path, const struct stat *about, struct fault *fault)
{
	char inner[PATH_MAX + 16];

	if (S_ISREG(about->st_mode)) {
		if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0)
			return refuse_errno(fault, errno, path);
		return 0;
	}
	snprintf(inner, sizeof(inner), "%s/__main__.py", path);
	if (faccessat(AT_FDCWD, inner, R_OK, AT_EACCESS) < 0)
		return refuse(fault, EISDIR, path, "a folder without __main__.py",
			      "name a script, or a folder that Python can run");
	return 0;
}

/*
 * Python: the folder of the real path of a file; a folder itself.  A script that lies in "/" gets
 * itself alone: the whole disk is not what "its folder" promises.
 */
static int find_folder(const char *path, const struct stat *about, struct script *script,
		       struct fault *fault)
{
	char *slash;

	if (!realpath(path, script->folder))
		return refuse_errno(fault, errno, path);
	if (S_ISDIR(about->st_mode))
		return 0;
	slash = strrchr(script->folder, '/');
	if (slash != script->folder)
		*slash = '\0';
	return 0;
}

int script_check(const char *path, struct script *ret_script, struct fault *ret_fault)
{
	struct stat about;
	struct script script;
	int error;

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (stat(path, &about) < 0)
		return refuse_errno(ret_fault, errno, path);
	error = check_kind(path, &about, ret_fault);
	if (error == 0)
		error = check_readable(path, &about, ret_fault);
	if (error == 0)
		error = find_folder(path, &about, &script, ret_fault);
	if (error < 0)
		return error;
	snprintf(script.argument, sizeof(script.argument), "%s%s", path[0] == '-' ? "./" : "",
		 path);
	*ret_script = script;
	return 0;
}
