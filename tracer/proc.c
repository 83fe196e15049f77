/* SPDX-License-Identifier: Apache-2.0 */
/* proc.c: see proc.h. */
#include "tracer/proc.h"

#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tracer/walk.h"

bool proc_is_below(const char *path)
{
	return strncmp(path, "/proc", 5) == 0 && (path[5] == '/' || path[5] == '\0');
}

/*
 * A second mount of the proc file system shows the same processes under names that say nothing to
 * walk_proc_pid: there every process is somebody else.
 */
static bool is_process_elsewhere(const struct object *object)
{
	if (object->fd < 0 || major(object->stat.st_dev) != 0 || proc_is_below(object->path) ||
	    !walk_is_on_proc(object->fd))
		return false;
	for (const char *p = strchr(object->path, '/'); p; p = strchr(p + 1, '/')) {
		size_t digits = strspn(p + 1, "0123456789");

		if (digits > 0 && (p[1 + digits] == '/' || p[1 + digits] == '\0'))
			return true;
	}
	return false;
}

void proc_judge(const struct tracer *tracer, struct object *object, struct call_file *file)
{
	const char *rest = "";
	pid_t pid = walk_proc_pid(object->path, &rest);
	char own[sizeof(object->path)];

	if (pid ? walk_is_foreign(tracer, pid) : is_process_elsewhere(object))
		file->is_foreign_proc = true;
	if (!tracee_find(&tracer->tracees, pid))
		return;
	snprintf(own, sizeof(own), "/proc/self%.*s", (int)(sizeof(own) - 16), rest);
	strcpy(object->path, own);
}
