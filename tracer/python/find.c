/* SPDX-License-Identifier: Apache-2.0 */
/* find.c: see find.h. */
#include "tracer/python/find.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tracer/python/shim.h"

enum file_kind { KIND_PYTHON, KIND_SHIM, KIND_OTHER };

static int refuse(struct fault *fault, int error, const char *what, const char *problem,
		  const char *cure)
{
	fault_set(fault, "%s: %s", what, problem);
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return -error;
}

/* 0 when it is a regular file that can be executed. */
static int check_executable(const char *path)
{
	struct stat about;

	if (stat(path, &about) < 0)
		return -errno;
	if (!S_ISREG(about.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* As execvp does it: an empty element is the current folder, and what cannot be executed is
 * remembered while the search goes on. */
static int search_path(const char *name, const char *search, char *out, size_t size)
{
	int error = -ENOENT;

	for (const char *at = search ? search : ""; ; at++) {
		size_t length = strcspn(at, ":");
		int written = snprintf(out, size, "%.*s%s%s", (int)length, at,
				       length ? "/" : "./", name);

		if (written > 0 && (size_t)written < size) {
			int found = check_executable(out);

			if (found == 0)
				return 0;
			if (found == -EACCES)
				error = -EACCES;
		}
		at += length;
		if (!*at)
			return error;
	}
}

static int make_absolute(const char *path, char *out, size_t size)
{
	char cwd[PATH_MAX];
	int written;

	while (!strncmp(path, "./", 2))
		path += 2;
	if (path[0] == '/')
		written = snprintf(out, size, "%s", path);
	else if (!getcwd(cwd, sizeof(cwd)))
		return -errno;
	else
		written = snprintf(out, size, "%s/%s", cwd, path);
	return written > 0 && (size_t)written < size ? 0 : -ENAMETOOLONG;
}

static int locate(const char *name, const char *search, struct interpreter *found)
{
	char path[PATH_MAX];
	int error = 0;

	if (!strchr(name, '/'))
		error = search_path(name, search, path, sizeof(path));
	else if (snprintf(path, sizeof(path), "%s", name) >= (int)sizeof(path))
		error = -ENAMETOOLONG;
	if (error == 0)
		error = check_executable(path);
	if (error == 0)
		error = make_absolute(path, found->program, sizeof(found->program));
	if (error == 0 && !realpath(found->program, found->canonical))
		error = -errno;
	return error;
}

/* Every CPython exports one of these or needs the library that does; so does PyPy, by its name. */
static bool has_python_mark(const char *bytes, size_t size)
{
	static const char *const marks[] = { "Py_BytesMain", "Py_Main", "libpython", "pypy" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (memmem(bytes, size, marks[i], strlen(marks[i])))
			return true;
	}
	return false;
}

static enum file_kind kind_of_bytes(const char *bytes, size_t size)
{
	if (size >= 2 && bytes[0] == '#' && bytes[1] == '!')
		return KIND_SHIM;
	if (size > SELFMAG && !memcmp(bytes, ELFMAG, SELFMAG) && has_python_mark(bytes, size))
		return KIND_PYTHON;
	return KIND_OTHER;
}

static int examine_open(int fd, enum file_kind *ret_kind)
{
	struct stat about;
	void *bytes;

	if (fstat(fd, &about) < 0)
		return -errno;
	if (about.st_size == 0) {
		*ret_kind = KIND_OTHER;
		return 0;
	}
	bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	*ret_kind = kind_of_bytes(bytes, (size_t)about.st_size);
	munmap(bytes, (size_t)about.st_size);
	return 0;
}

static int examine(const char *path, enum file_kind *ret_kind)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int error;

	if (fd < 0)
		return -errno;
	error = examine_open(fd, ret_kind);
	close(fd);
	return error;
}

/* Cuts the last component; "/" becomes "".  false when there is none. */
static bool cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* "/", or a folder that the home folder is in, or that folder itself. */
static bool is_too_wide(const char *prefix, const char *home)
{
	size_t length = strlen(prefix);

	return !strcmp(prefix, "/") ||
	       (home && !strncmp(home, prefix, length) &&
		(home[length] == '/' || home[length] == '\0'));
}

/*
 * A prefix may be read as a whole.  For a Python in ~/bin that would be the user's keys and
 * letters, for one in /bin the disk: of those, only lib.
 */
static void add_prefix(struct interpreter *found, const char *path, const char *home)
{
	char real[PATH_MAX], lib[PATH_MAX + 8];

	if (!realpath(path, real))
		return;
	if (is_too_wide(real, home)) {
		snprintf(lib, sizeof(lib), "%s/lib", real);
		if (!realpath(lib, real))
			return;
	}
	for (size_t i = 0; i < found->prefix_count; i++) {
		if (!strcmp(found->prefixes[i], real))
			return;
	}
	if (found->prefix_count < POLICY_PREFIXES_MAX)
		strcpy(found->prefixes[found->prefix_count++], real);
}

/* PREFIX/bin/python3 -> PREFIX */
static void add_prefix_of_program(struct interpreter *found, const char *home)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", found->canonical);
	if (cut_last(path) && cut_last(path))
		add_prefix(found, path[0] ? path : "/", home);
}

/* "home = /usr/bin" of pyvenv.cfg: the bin folder of the Python that the environment is made of. */
static bool read_base(FILE *config, char *base, size_t size)
{
	char line[PATH_MAX + 64];
	char key[16], value[PATH_MAX];

	while (fgets(line, sizeof(line), config)) {
		if (sscanf(line, " %15[a-z] = %4095[^\r\n]", key, value) == 2 &&
		    !strcmp(key, "home")) {
			snprintf(base, size, "%s", value);
			return true;
		}
	}
	return false;
}

/* Python looks for pyvenv.cfg beside argv[0] and one folder up. */
static void add_venv(struct interpreter *found, const char *home)
{
	char folder[PATH_MAX], config_path[PATH_MAX + 16], base[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", found->program);
	for (int up = 0; up < 2 && cut_last(folder); up++) {
		FILE *config;

		snprintf(config_path, sizeof(config_path), "%s/pyvenv.cfg", folder);
		config = fopen(config_path, "re");
		if (!config)
			continue;
		add_prefix(found, folder, home);
		if (read_base(config, base, sizeof(base)) && base[0] == '/' && cut_last(base))
			add_prefix(found, base, home);
		fclose(config);
		return;
	}
}

static int refuse_located(struct fault *fault, int error, const char *name)
{
	if (error == -ENOENT || error == -ENOTDIR)
		return refuse(fault, ENOENT, name, "no such interpreter",
			      "install python3, or name one:  --python=/usr/bin/python3");
	if (error == -EACCES)
		return refuse(fault, EACCES, name, "the interpreter cannot be executed",
			      "check its mode (chmod +x), or name another:  --python=PROGRAM");
	return refuse(fault, -error, name, strerror(-error), "name another:  --python=PROGRAM");
}

static int refuse_kind(struct fault *fault, const char *name)
{
	return refuse(fault, ENOEXEC, name, "this program is not Python",
		      "name a CPython or PyPy:  --python=/usr/bin/python3");
}

/* Replaces the wrapper by what is behind it, which must not be one more wrapper. */
static int follow_shim(const char *name, struct interpreter *found, struct fault *fault)
{
	char path[PATH_MAX];
	enum file_kind kind = KIND_OTHER;
	int error = shim_resolve(found->program, SHIM_TIMEOUT_MS, path, sizeof(path));

	if (error == -ETIMEDOUT)
		return refuse(fault, ETIMEDOUT, name,
			      "this wrapper did not say within 10 s which Python it runs",
			      "name the interpreter itself:  --python=PROGRAM");
	if (error == 0)
		error = locate(path, NULL, found);
	if (error == 0)
		error = examine(found->canonical, &kind);
	if (error == 0 && kind == KIND_PYTHON)
		return 0;
	return refuse(fault, ENOEXEC, name, "no Python is behind this wrapper",
		      "name the interpreter itself:  --python=PROGRAM");
}

static void copy_used(const struct interpreter *from, struct interpreter *to)
{
	strcpy(to->program, from->program);
	strcpy(to->canonical, from->canonical);
	to->prefix_count = from->prefix_count;
	for (size_t i = 0; i < from->prefix_count; i++)
		strcpy(to->prefixes[i], from->prefixes[i]);
}

int find_python(const char *name, const char *search, const char *home,
		struct interpreter *ret_interpreter, struct fault *ret_fault)
{
	struct interpreter found;   /* large: only what is used is touched */
	enum file_kind kind = KIND_OTHER;
	int error;

	found.prefix_count = 0;
	memset(ret_fault, 0, sizeof(*ret_fault));
	error = locate(name, search, &found);
	if (error == 0)
		error = examine(found.canonical, &kind);
	if (error < 0)
		return refuse_located(ret_fault, error, name);
	if (kind == KIND_OTHER)
		return refuse_kind(ret_fault, name);
	if (kind == KIND_SHIM) {
		error = follow_shim(name, &found, ret_fault);
		if (error < 0)
			return error;
	}
	add_venv(&found, home);
	add_prefix_of_program(&found, home);
	copy_used(&found, ret_interpreter);
	return 0;
}
