/* SPDX-License-Identifier: Apache-2.0 */
/* libraries.c: see libraries.h. */
#include "tracer/python/libraries.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

static const char *const below_prefix[] = {
	"lib/python3", "lib64/python3", "local/lib/python3",
};

#define BELOW_HOME ".local/lib/python3"

static int add(char **list, size_t *count, const char *folder, const char *below)
{
	if (asprintf(&list[*count], "%s/%s", strcmp(folder, "/") ? folder : "", below) < 0) {
		list[*count] = NULL;
		return -ENOMEM;
	}
	++*count;
	return 0;
}

static int add_prefix(char **list, size_t *count, const char *prefix)
{
	int e = 0;

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(below_prefix); i++)
		e = add(list, count, prefix, below_prefix[i]);
	return e;
}

/* /venv for /venv/bin/python3, as it was named: Python compiles with such names. */
static void cut_program(char *path)
{
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
	}
}

int libraries_of(const struct interpreter *interpreter, const char *home, char ***ret_libraries)
{
	size_t room = ARRAY_SIZE(below_prefix) * (POLICY_PREFIXES_MAX + 1) + 2, count = 0;
	char **list = calloc(room, sizeof(*list));
	char named[PATH_MAX];
	int e = list ? 0 : -ENOMEM;

	snprintf(named, sizeof(named), "%s", interpreter->program);
	cut_program(named);
	if (e == 0)
		e = add_prefix(list, &count, named);
	for (size_t i = 0; e == 0 && i < interpreter->prefix_count; i++)
		e = add_prefix(list, &count, interpreter->prefixes[i]);
	if (e == 0 && home && home[0])
		e = add(list, &count, home, BELOW_HOME);
	if (e < 0) {
		libraries_free(list);
		return e;
	}
	*ret_libraries = list;
	return 0;
}

void libraries_free(char **libraries)
{
	for (size_t i = 0; libraries && libraries[i]; i++)
		free(libraries[i]);
	free(libraries);
}
