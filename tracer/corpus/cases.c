/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c: see cases.h. */
#include "tracer/corpus/cases.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/corpus/fill.h"

#define SCRIPT_MAX ((size_t)256 * 1024)
#define DEPTH_MAX 16

static int cannot(struct fault *fault, const char *path, int error)
{
	snprintf(fault->file, sizeof(fault->file), "%.255s", path);
	fault_set(fault, "%s", strerror(error));
	return -EINVAL;
}

static char *read_text(const char *path, struct fault *fault)
{
	FILE *f = fopen(path, "re");
	char *text = f ? malloc(SCRIPT_MAX) : NULL;
	size_t n;

	if (!text) {
		cannot(fault, path, errno);
		if (f)
			fclose(f);
		return NULL;
	}
	n = fread(text, 1, SCRIPT_MAX - 1, f);
	text[n] = '\0';
	fclose(f);
	if (n < SCRIPT_MAX - 1 && strlen(text) == n)
		return text;
	cannot(fault, path, EFBIG);
	free(text);
	return NULL;
}

/* Last component of the folder that the path lies in. */
static void find_kind(const char *path, char *kind, size_t size)
{
	cleanup_free char *whole = realpath(path, NULL);
	char *slash = whole ? strrchr(whole, '/') : NULL;

	kind[0] = '\0';
	if (!slash || slash == whole)
		return;
	*slash = '\0';
	slash = strrchr(whole, '/');
	snprintf(kind, size, "%s", slash + 1);
}

/* A placeholder that does not exist is found before anything runs. */
static int check_placeholders(const char *path, const char *text, struct fault *fault)
{
	struct fill *fill = calloc(1, sizeof(*fill));
	char *filled = NULL;
	int error = fill ? fill_text(fill, text, &filled, fault) : -ENOMEM;

	if (error < 0)
		snprintf(fault->file, sizeof(fault->file), "%.255s", path);
	free(filled);
	free(fill);
	return error;
}

static int read_case(struct corpus_case *item, struct fault *fault)
{
	const char *slash = strrchr(item->path, '/');
	int error;

	item->name = slash ? slash + 1 : item->path;
	find_kind(item->path, item->kind, sizeof(item->kind));
	item->text = read_text(item->path, fault);
	if (!item->text)
		return -EINVAL;
	error = header_parse(item->path, item->text, !strcmp(item->kind, "ordinary"),
			     &item->header, fault);
	return error < 0 ? error : check_placeholders(item->path, item->text, fault);
}

static int add_case(struct corpus_cases *cases, const char *path, struct fault *fault)
{
	struct corpus_case *more = realloc(cases->items, (cases->count + 1) * sizeof(*more));
	struct corpus_case *item;

	if (!more)
		return cannot(fault, path, ENOMEM);
	cases->items = more;
	item = &more[cases->count];
	memset(item, 0, sizeof(*item));
	item->path = strdup(path);
	if (!item->path)
		return cannot(fault, path, ENOMEM);
	cases->count++;
	return read_case(item, fault);
}

static bool is_script(const char *name)
{
	size_t length = strlen(name);

	return length > 3 && !strcmp(name + length - 3, ".py");
}

static int add_path(struct corpus_cases *cases, const char *path, bool is_named, unsigned depth,
		    struct fault *fault);

static int add_folder(struct corpus_cases *cases, const char *path, unsigned depth,
		      struct fault *fault)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort), error = 0;

	if (count < 0)
		return cannot(fault, path, errno);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *below = NULL;

		if (error == 0 && name[0] != '.' && strcmp(name, "sandboxes") != 0) {
			error = asprintf(&below, "%s/%s", path, name) < 0 ? -ENOMEM : 0;
			if (error == 0)
				error = add_path(cases, below, false, depth + 1, fault);
			free(below);
		}
		free(entries[i]);
	}
	free(entries);
	return error;
}

/* What is named is taken; below a folder only what looks like a script. */
static int add_path(struct corpus_cases *cases, const char *path, bool is_named, unsigned depth,
		    struct fault *fault)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return cannot(fault, path, errno);
	if (S_ISDIR(st.st_mode))
		return depth < DEPTH_MAX ? add_folder(cases, path, depth, fault) : 0;
	return is_named || is_script(path) ? add_case(cases, path, fault) : 0;
}

static int add_named(struct corpus_cases *cases, const char *name, struct fault *fault)
{
	char path[PATH_MAX];
	size_t length = strlen(name);

	if (length >= sizeof(path))
		return cannot(fault, name, ENAMETOOLONG);
	strcpy(path, name);
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	return add_path(cases, path, true, 0, fault);
}

int cases_find(const char *const *paths, size_t count, struct corpus_cases *ret_cases,
	       struct fault *ret_fault)
{
	int error = 0;

	memset(ret_cases, 0, sizeof(*ret_cases));
	memset(ret_fault, 0, sizeof(*ret_fault));
	for (size_t i = 0; error == 0 && i < count; i++)
		error = add_named(ret_cases, paths[i], ret_fault);
	if (error == 0 && !ret_cases->count)
		error = fault_set(ret_fault, "no script was found");
	/* The array may have moved: names point into the paths, which have not. */
	if (error < 0)
		cases_free(ret_cases);
	return error;
}

void cases_free(struct corpus_cases *cases)
{
	for (size_t i = 0; i < cases->count; i++) {
		free(cases->items[i].path);
		free(cases->items[i].text);
	}
	free(cases->items);
	memset(cases, 0, sizeof(*cases));
}
