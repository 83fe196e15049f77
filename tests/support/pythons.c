/* SPDX-License-Identifier: Apache-2.0 */
/* pythons.c: see pythons.h. */
#include "tests/support/pythons.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MINOR_FIRST 8
#define MINOR_LAST 15

#define ASK "import sys; v = sys.version_info; print(sys.implementation.name, " \
	"'.'.join(map(str, v[:3])), v[1], sys.base_prefix)"

struct search {
	struct python *pythons;
	size_t count;
	bool is_named;
};

/* "python3" and "python3.11", not "python3-config". */
static bool is_name(const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	if (strncmp(name, "python3", 7) != 0)
		return false;
	for (name += 7; *name == '.' || (*name >= '0' && *name <= '9'); name++)
		;
	return !*name;
}

static bool is_known(const struct search *search, const char *path)
{
	for (size_t i = 0; i < search->count; i++)
		if (strcmp(search->pythons[i].path, path) == 0)
			return true;
	return false;
}

static bool ask(struct python *python)
{
	char command[PATH_MAX + 512], answer[PATH_MAX + 64] = "", name[16];
	FILE *pipe;

	snprintf(command, sizeof(command), "'%s' -I -c \"" ASK "\" 2>/dev/null </dev/null",
		 python->path);
	pipe = popen(command, "re");
	if (!pipe)
		return false;
	if (!fgets(answer, sizeof(answer), pipe))
		answer[0] = '\0';
	return pclose(pipe) == 0 &&
	       sscanf(answer, "%15s %15s %u %4095s", name, python->version, &python->minor,
		      python->prefix) == 4 &&
	       strcmp(name, "cpython") == 0 && python->minor >= MINOR_FIRST &&
	       python->minor <= MINOR_LAST;
}

/* A shell script that chooses one is none itself. */
static bool is_program(const char *path)
{
	FILE *f = fopen(path, "re");
	char magic[4] = "";
	bool is_elf = f && fread(magic, 1, 4, f) == 4 && memcmp(magic, "\177ELF", 4) == 0;

	if (f)
		fclose(f);
	return is_elf && access(path, X_OK) == 0;
}

static void try(struct search *search, const char *path)
{
	struct python *python = &search->pythons[search->count];
	char canonical[PATH_MAX];

	if (search->count == PYTHONS_MAX || !realpath(path, canonical) ||
	    is_known(search, canonical) || !is_program(canonical))
		return;
	*python = (struct python){ .is_named = search->is_named };
	strcpy(python->path, canonical);
	if (ask(python))
		search->count++;
}

static void try_pattern(struct search *search, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (is_name(found.gl_pathv[i]))
			try(search, found.gl_pathv[i]);
	globfree(&found);
}

static void try_each(struct search *search, const char *list, const char *below)
{
	char *copy = strdup(list ? list : ""), *rest = copy, *item;
	char pattern[PATH_MAX];

	while ((item = strsep(&rest, ":"))) {
		if (item[0] != '/')
			continue;
		snprintf(pattern, sizeof(pattern), "%s%s", item, below);
		try_pattern(search, pattern);
	}
	free(copy);
}

size_t pythons_find(struct python pythons[PYTHONS_MAX])
{
	struct search search = { .pythons = pythons };

	try_each(&search, "/usr/bin:/usr/local/bin:/opt/*/bin", "/python3*");
	try_each(&search, getenv("PATH"), "/python3*");
	try_each(&search, getenv("HOME"), "/.pyenv/versions/*/bin/python3*");
	search.is_named = true;
	try_each(&search, getenv("PYJAIL_PYTHONS"), "");
	return search.count;
}

void pythons_say_missing(const struct python *pythons, size_t count)
{
	for (unsigned minor = MINOR_FIRST; minor <= MINOR_LAST; minor++) {
		size_t i = 0;

		while (i < count && pythons[i].minor != minor)
			i++;
		if (i == count)
			printf("skip: no CPython 3.%u was found\n", minor);
	}
	fflush(stdout);
}
