/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scratch_net.c: Unix sockets with a name of the view.  See scratch.h.
 *
 * Only --allow-all lets a script come here (decide_net.c).  So whom it connects to is its own
 * affair, but a name that it makes must not be one of the real tree's.
 */
#include "tracer/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/address.h"
#include "tracer/broker.h"
#include "tracer/dots.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"
#include "tracer/reply.h"
#include "tracer/report.h"

struct object *scratch_socket(struct op *op)
{
	struct address_path path = address_path(op);
	bool has_name = op->call.family == AF_UNIX && path.text[0];
	struct object *object = has_name ? op_object(op) : NULL;

	if (object)
		strcpy(object->raw, path.text);
	return object;
}

/* bind(2) reads the address again in the kernel: here it is done with what was copied. */
static long bind_copied(const struct op *op, const struct sockaddr *address, socklen_t length)
{
	cleanup_close int fd = address_socket(op);

	if (fd < 0)
		return fd == -ENOTSUP ? -EPERM : fd;
	return bind(fd, address, length) < 0 ? -errno : 0;
}

/* The folder where the name is made: the layer's, or the real one where a rule says so. */
static int take_parent(const struct tracer *tracer, struct object *object)
{
	if (!policy_is_scratch(tracer->config->policy, object->path))
		return policy_judge(tracer->config->policy, CLASS_WRITE, object->path).kind ==
				       VERDICT_ALLOW ? 0 : -EACCES;
	if (object->parent >= 0)
		close(object->parent);
	object->parent = layer_take_parent(tracer->config->layer, object->path);
	object->in_layer = true;
	return object->parent < 0 ? object->parent : 0;
}

/* The name that getsockname(2) will tell: as long a one as fits, and as true. */
static int fill_address(const struct object *object, struct sockaddr_un *ret)
{
	char folder[PATH_MAX];
	ssize_t n = readlink(fd_path(object->parent).text, folder, sizeof(folder) - 1);
	size_t room = sizeof(ret->sun_path);

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	folder[n > 0 ? n : 0] = '\0';
	if (n > 0 && (size_t)snprintf(ret->sun_path, room, "%s/%s", folder, object->name) < room)
		return 0;
	if ((size_t)snprintf(ret->sun_path, room, "%s/%s", fd_path(object->parent).text,
			     object->name) < room)
		return 0;
	return -ENAMETOOLONG;
}

static long bind_name(struct tracer *tracer, struct op *op, struct object *object)
{
	struct sockaddr_un address;
	char path[LAYER_PATH_MAX];
	struct call_file file = { 0 };
	long e;

	object->lookup = LOOKUP_NAME;
	e = scratch_resolve(tracer, op, object, &file, path);
	if (e < 0)
		return e == -EXDEV ? -EACCES : e;
	if (object->stat.st_mode != 0 || object->has_slash || is_dots(object->name))
		return -EADDRINUSE;
	e = take_parent(tracer, object);
	if (e == 0)
		e = fill_address(object, &address);
	if (e < 0)
		return e;
	broker_umask(tracer, op);
	e = bind_copied(op, (const struct sockaddr *)&address, sizeof(address));
	if (e == 0 && object->in_layer && layer_made(tracer->config->layer, object->path) < 0)
		return -ENOSPC;
	return e;
}

/* Every bind: the kernel's second reading could find a name where there was none. */
void scratch_bind(struct tracer *tracer, struct op *op)
{
	struct object *object = scratch_socket(op);
	long result = object ? bind_name(tracer, op, object)
			     : bind_copied(op, (const struct sockaddr *)&op->address,
					   op->address_length);

	report_call(tracer, op, result);
	reply_result(tracer, op, result);
	op_free(op);
}
