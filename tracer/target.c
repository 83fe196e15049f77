/* SPDX-License-Identifier: Apache-2.0 */
/* target.c: see target.h. */
#include "tracer/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "tracer/samefile.h"

/* O_NONBLOCK: a FIFO that nobody reads answers ENXIO instead of hanging (fifo(7)). */
#define OPEN_FLAGS (O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static int refuse(struct fault *fault, const char *option, const char *path, int error)
{
	const char *cure = "name a file that you can write";

	fault_set(fault, "%s=%s: %s", option, path, strerror(error));
	if (error == ENXIO)
		cure = "nobody reads this pipe: start its reader first";
	else if (error == ENOENT)
		cure = "make the folder first";
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return -error;
}

static int open_target(const char *path, bool *ret_is_new)
{
	int fd = open(path, OPEN_FLAGS | O_CREAT | O_EXCL, 0666);

	*ret_is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, OPEN_FLAGS);
	/* A symbolic link to nothing: it exists, and does not. */
	if (fd < 0 && errno == ENOENT)
		fd = open(path, OPEN_FLAGS | O_CREAT, 0666);
	if (fd < 0)
		return -errno;
	return fd;
}

static bool is_same_file(int fd, const char *path)
{
	struct stat a, b;

	return path && fstat(fd, &a) == 0 && stat(path, &b) == 0 && same_file(&a, &b);
}

/* Standard input, output, error: what the script can write to could say anything about it. */
static bool is_scripts_own(int fd)
{
	struct stat target, own;

	if (fstat(fd, &target) < 0 || S_ISCHR(target.st_mode))
		return false;
	for (int i = 0; i <= 2; i++) {
		int flags = fcntl(i, F_GETFL);

		if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(i, &own) == 0 &&
		    same_file(&own, &target))
			return true;
	}
	return false;
}

static int refuse_own(struct fault *fault, const char *option, const char *path)
{
	fault_set(fault, "%s=%s: the script writes there as well", option, path);
	snprintf(fault->cure, sizeof(fault->cure),
		 "give it a file or a pipe of its own:  %s=FILE",
		 strcmp(option, "--record") == 0 ? option : "--result");
	return -EINVAL;
}

int record_target_open(const char *path, const char *script, struct record_target *ret_target,
		       struct fault *ret_fault)
{
	struct record_target target = { .path = path };

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (!strcmp(path, "-")) {
		fault_set(ret_fault, "--record=-: standard output belongs to the script");
		snprintf(ret_fault->cure, sizeof(ret_fault->cure),
			 "name a file or a pipe:  --record=/dev/fd/3 3>FILE");
		return -EINVAL;
	}
	target.fd = open_target(path, &target.is_new);
	if (target.fd < 0)
		return refuse(ret_fault, "--record", path, -target.fd);
	if (is_scripts_own(target.fd)) {
		close(target.fd);
		return refuse_own(ret_fault, "--record", path);
	}
	if (is_same_file(target.fd, script)) {
		close(target.fd);
		fault_set(ret_fault, "--record=%s: this is the script itself", path);
		snprintf(ret_fault->cure, sizeof(ret_fault->cure), "name another file");
		return -EINVAL;
	}
	*ret_target = target;
	return 0;
}

int record_target_take(struct record_target *target)
{
	struct stat about;

	int fd;

	if (fstat(target->fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    ftruncate(target->fd, 0) < 0)
		return -errno;
	fd = fcntl(target->fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	target->is_taken = true;
	return fd;
}

/* What the file says was never the record of a run; false when it could not be taken back. */
static bool empty_again(const struct record_target *target)
{
	struct stat about;

	if (!target->is_taken || fstat(target->fd, &about) < 0 || !S_ISREG(about.st_mode))
		return true;
	return ftruncate(target->fd, 0) == 0;
}

void record_target_drop(struct record_target *target)
{
	if (target->is_new || !empty_again(target))
		unlink(target->path);
	record_target_close(target);
}

void record_target_close(struct record_target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	*target = (struct record_target){ .fd = -1 };
}

/* Written directly: what has no name that could be given to something whole. */
static int open_direct(const char *path, struct result_target *target)
{
	int fd = open(path, OPEN_FLAGS);

	if (fd < 0)
		return -errno;
	/* It is written once, at the end, when nobody waits for us any more. */
	if (fcntl(fd, F_SETFL, 0) < 0) {
		close(fd);
		return -errno;
	}
	target->fd = fd;
	return 0;
}

/* The folder is held open: if its name is taken by something else meanwhile, that is not ours. */
static int open_folder(char *path, struct result_target *target)
{
	char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *folder = slash == path ? "/" : slash ? path : ".";

	if (!*name)
		return -EISDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(target->name, name);
	if (slash)
		*slash = '\0';
	target->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (target->folder < 0)
		return -errno;
	if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0) {
		int error = -errno;

		close(target->folder);
		target->folder = -1;
		return error;
	}
	return 0;
}

static int open_path(const char *path, struct result_target *target)
{
	char real[PATH_MAX];
	struct stat about;
	bool exists = stat(path, &about) == 0;

	if (exists && S_ISDIR(about.st_mode))
		return -EISDIR;
	if (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6) ||
	    (exists && !S_ISREG(about.st_mode)))
		return open_direct(path, target);
	if (exists && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		return -errno;
	/* What a link points at is replaced, not the link. */
	if (!exists || !realpath(path, real)) {
		if (snprintf(real, sizeof(real), "%s", path) >= (int)sizeof(real))
			return -ENAMETOOLONG;
	}
	return open_folder(real, target);
}

static int take_fd(int fd, struct result_target *target)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	if ((flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	target->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (target->fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int refuse_fd(struct fault *fault, int fd)
{
	fault_set(fault, "--result-fd=%d: this descriptor is not open for writing", fd);
	snprintf(fault->cure, sizeof(fault->cure), "open it in the shell:  --result-fd=%d %d>FILE",
		 fd, fd);
	return -EBADF;
}

int result_target_open(const char *path, int fd, struct result_target *ret_target,
		       struct fault *ret_fault)
{
	struct result_target target = { .fd = -1, .folder = -1 };
	int error;

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (!path) {
		if (take_fd(fd, &target) < 0)
			return refuse_fd(ret_fault, fd);
	} else {
		error = open_path(path, &target);
		if (error < 0)
			return refuse(ret_fault, "--result", path, -error);
	}
	if (target.fd >= 0 && is_scripts_own(target.fd)) {
		char number[16];

		snprintf(number, sizeof(number), "%d", fd);
		result_target_drop(&target);
		return refuse_own(ret_fault, path ? "--result" : "--result-fd",
				  path ? path : number);
	}
	*ret_target = target;
	return 0;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

/* A name that the script could not guess, and take with something that cannot be removed. */
static int make_file(const struct result_target *target, char *name, size_t size)
{
	uint64_t random;
	int fd;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	snprintf(name, size, ".pyjail-result.%016jx", (uintmax_t)random);
	fd = openat(target->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0666);
	return fd < 0 ? -errno : fd;
}

/*
 * A new file, then its name.  Made now and not at the start: the script is gone, so that nobody
 * can put another file under the temporary name.
 */
static int write_whole(const struct result_target *target, const char *text, size_t length)
{
	char name[64];
	int fd = make_file(target, name, sizeof(name)), error;

	if (fd < 0)
		return fd;
	error = write_all(fd, text, length);
	if (close(fd) < 0 && error == 0)
		error = -errno;
	if (error == 0 && renameat(target->folder, name, target->folder, target->name) < 0)
		error = -errno;
	if (error < 0)
		unlinkat(target->folder, name, 0);
	return error;
}

int result_target_write(struct result_target *target, const char *text, size_t length)
{
	int error = 0;

	if (target->fd >= 0)
		error = write_all(target->fd, text, length);
	else if (target->folder >= 0)
		error = write_whole(target, text, length);
	result_target_drop(target);
	return error;
}

void result_target_drop(struct result_target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	if (target->folder >= 0)
		close(target->folder);
	*target = (struct result_target){ .fd = -1, .folder = -1 };
}
