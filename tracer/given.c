/* SPDX-License-Identifier: Apache-2.0 */
/* given.c: see given.h. */
#include "tracer/given.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "filters/decide.h"
#include "tracer/op.h"
#include "tracer/samefile.h"
#include "tracer/tracer.h"

void given_drop(struct given *given)
{
	if (given->fd >= 0)
		close(given->fd);
	given->fd = -1;
}

static bool is_exclusive(const struct op *op)
{
	return op->call.row->decide == decide_open &&
	       (op->call.flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
}

void given_back(const struct tracer *tracer, const struct op *op, int fd)
{
	struct tracee *tracee = op->door == DOOR_BRIDGE && is_exclusive(op)
					? tracee_find(&tracer->tracees, op->tid) : NULL;

	if (!tracee) {
		close(fd);
		return;
	}
	given_drop(&tracee->given);
	tracee->given.fd = fd;
	tracee->given.nr = op->call.nr;
	memcpy(tracee->given.args, op->call.args, sizeof(op->call.args));
}

static bool is_asked_for(const struct given *given, const struct op *op)
{
	const struct object *object = op->object[0];
	struct stat st;

	return given->nr == op->call.nr &&
	       memcmp(given->args, op->call.args, sizeof(given->args)) == 0 &&
	       object->fd >= 0 && fstat(given->fd, &st) == 0 && same_file(&st, &object->stat);
}

int given_take(struct given *given, const struct op *op)
{
	int fd = given->fd;

	if (fd < 0 || !is_asked_for(given, op))
		return -1;
	given->fd = -1;
	return fd;
}
