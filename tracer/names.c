/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: see names.h. */
#include "tracer/names.h"

#include <errno.h>
#include <string.h>

#include "filters/decide.h"
#include "tracer/dots.h"

int names_split(const char *raw, char *folder, struct object *object)
{
	size_t end = strlen(raw), start;

	object->has_slash = end > 0 && raw[end - 1] == '/';
	while (end > 0 && raw[end - 1] == '/')
		end--;
	for (start = end; start > 0 && raw[start - 1] != '/'; start--)
		;
	if (end == start)
		return -EINVAL;
	if (end - start > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(object->name, raw + start, end - start);
	object->name[end - start] = '\0';
	memcpy(folder, raw, start);
	folder[start] = '\0';
	if (start == 0)
		strcpy(folder, ".");
	return 0;
}

int names_join(struct object *object)
{
	size_t n = strlen(object->path);

	if (n == 1)
		n = 0;
	if (n + 1 + strlen(object->name) + 1 > sizeof(object->path))
		return -ENAMETOOLONG;
	object->path[n] = '/';
	strcpy(object->path + n + 1, object->name);
	return 0;
}

/* "." and ".." cannot be made, removed or replaced: the errors of rmdir(2), rename(2), mkdir(2). */
static int check_dots(decide_fn *decider, const char *name)
{
	if (decider == decide_make || decider == decide_link)
		return -EEXIST;
	if (decider == decide_remove && strcmp(name, "..") == 0)
		return -ENOTEMPTY;
	return decider == decide_rename ? -EBUSY : -EINVAL;
}

/* What the system answers whoever asks: there is nothing to judge then. */
int names_check(const struct op *op, const struct object *object)
{
	decide_fn *decider = op->call.row->decide;
	bool exists = object->stat.st_mode != 0;
	bool is_old = object == op->object[0];

	if (is_dots(object->name))
		return check_dots(decider, object->name);
	if (!exists && is_old && (decider == decide_remove || decider == decide_rename))
		return -ENOENT;
	if (exists && (decider == decide_make || decider == decide_link))
		return -EEXIST;
	return 0;
}
