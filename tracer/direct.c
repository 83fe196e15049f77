/* SPDX-License-Identifier: Apache-2.0 */
/* direct.c: see direct.h.  openat2(2). */
#include "tracer/direct.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filters/decide.h"
#include "filters/match.h"
#include "filters/policy.h"
#include "tracer/broker.h"
#include "tracer/hidden.h"
#include "tracer/lookup.h"
#include "tracer/samefile.h"
#include "tracer/scratch.h"
#include "tracer/walk.h"

/* A file or folder on a straight path is the same one with and without each of these. */
#define PLAIN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_DIRECTORY | \
		     CALL_LARGEFILE)

/* Nothing stands between the path and the file but the policy. */
static bool is_plain(const struct tracer *tracer, const struct tracee *tracee, const struct op *op)
{
	return op->door == DOOR_NOTIFY && op->call.row && op->call.row->decide == decide_open &&
	       !(op->call.flags & ~PLAIN_FLAGS) && !op->resolve_flags && op->object_count == 1 &&
	       tracee->given.fd < 0 && !scratch_is_on(tracer) && !hidden_any(tracer) &&
	       !tracer->views;
}

/* Not the paths that mean whoever looks, nor what may be a process on a second proc mount. */
static bool is_straight(const char *path)
{
	return strnlen(path, PATH_MAX) < PATH_MAX && match_is_canonical(path) &&
	       !lookup_means_looker(path) && !walk_has_number(path);
}

static int open_straight(const struct op *op, const char *path)
{
	struct open_how how = {
		.flags = (uint64_t)(op->call.flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK),
		.resolve = RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

/* Opening it does nothing but open it. */
static bool is_inert(const struct stat *stat)
{
	return S_ISREG(stat->st_mode) || S_ISDIR(stat->st_mode);
}

/* Is it what was judged?  Its links are counted now: a file without any has no name. */
static bool is_found(int fd, const struct object *object)
{
	struct stat now;

	return fstat(fd, &now) == 0 && is_inert(&now) && now.st_nlink > 0 &&
	       same_file(&now, &object->stat);
}

static int open_judged(struct op *op, struct object *object)
{
	int fd = open_straight(op, object->raw);

	if (fd < 0)
		return -EAGAIN;
	if (!is_found(fd, object)) {
		close(fd);
		return -EAGAIN;
	}
	fd = broker_restore_blocking(fd, op->call.flags);
	return fd < 0 ? -EAGAIN : fd;
}

int direct_open(const struct tracer *tracer, const struct tracee *tracee, struct op *op)
{
	struct object *object;
	struct call_file *file = &op->call.file[0];
	int fd;

	if (!is_plain(tracer, tracee, op))
		return -EAGAIN;
	object = op->object[0];
	if (!is_straight(object->raw) || lstat(object->raw, &object->stat) < 0 ||
	    !is_inert(&object->stat))
		return -EAGAIN;
	strcpy(object->path, object->raw);
	*file = (struct call_file){ .raw = object->raw, .path = object->path, .exists = true,
				    .type = object->stat.st_mode & S_IFMT };
	op->verdict = decide(tracer->config->policy, &op->call);
	fd = op->verdict.kind == VERDICT_ALLOW ? open_judged(op, object) : -EAGAIN;
	if (fd < 0) {
		op->verdict = (struct verdict){ 0 };
		*file = (struct call_file){ 0 };
	}
	return fd;
}
