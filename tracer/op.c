/* SPDX-License-Identifier: Apache-2.0 */
/* op.c: see op.h. */
#include "tracer/op.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/stacks.h"
#include "tracer/worker.h"

struct op *op_new(enum door door, pid_t pid, pid_t tid)
{
	/* Only the head is cleared: the big buffer is a string, ended where it is written. */
	struct op *op = malloc(sizeof(*op));

	if (!op)
		return NULL;
	memset(op, 0, offsetof(struct op, text));
	op->text[0] = '\0';
	op->door = door;
	op->pid = pid;
	op->tid = tid;
	op->call.family = -1;
	op->socket = -1;
	return op;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void object_reset(struct object *object)
{
	close_fd(&object->fd);
	close_fd(&object->parent);
	object->held_flags = -1;
	object->name[0] = '\0';
	object->has_slash = object->in_layer = object->is_moved = false;
	object->stat = (struct stat){ 0 };
	object->path[0] = '\0';
}

void object_put(struct object *object, int fd)
{
	close_fd(&object->fd);
	close_fd(&object->parent);
	object->in_layer = object->is_moved = false;
	object->fd = fd;
}

struct object *op_object(struct op *op)
{
	struct object *object;

	if (op->object_count == ARRAY_SIZE(op->object))
		return NULL;
	object = malloc(sizeof(*object));
	if (!object)
		return NULL;
	object->fd = object->parent = -1;
	object->dirfd = AT_FDCWD;
	object->raw[0] = '\0';
	object_reset(object);
	op->object[op->object_count++] = object;
	return object;
}

void op_free(struct op *op)
{
	if (!op)
		return;
	/* A worker may still be in the open: it keeps what it needs and frees the job itself. */
	job_abandon(op->job);
	stack_free(op->stack);
	free(op->argv);
	close_fd(&op->socket);
	for (unsigned i = 0; i < op->object_count; i++) {
		object_reset(op->object[i]);
		free(op->object[i]);
	}
	free(op);
}
