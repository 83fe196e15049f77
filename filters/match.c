/* SPDX-License-Identifier: Apache-2.0 */
/* match.c: see match.h. */
#include "filters/match.h"

#include <string.h>

struct slice {
	const char *at;
	size_t size;             /* 0: there are no more components */
};

static struct slice first_component(const char *path)
{
	while (*path == '/')
		path++;
	return (struct slice){ .at = path, .size = strcspn(path, "/") };
}

static const char *after(struct slice component)
{
	return component.at + component.size;
}

static bool is_deep(struct slice component)
{
	return component.size == 2 && memcmp(component.at, "**", 2) == 0;
}

bool match_is_deep(const char *pattern)
{
	return is_deep(first_component(pattern));
}

static bool is_wild(struct slice component)
{
	for (size_t i = 0; i < component.size; i++) {
		if (component.at[i] == '*')
			return true;
		if (component.at[i] == '\\')
			i++;
	}
	return false;
}

const char *match_wild_part(const char *pattern)
{
	struct slice component = first_component(pattern);

	while (component.size && !is_wild(component))
		component = first_component(after(component));
	return component.at;
}

const char *match_below(const char *root, const char *path)
{
	size_t size = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(root, path, size) != 0)
		return NULL;
	if (path[size] == '/')
		return path + size + 1;
	return path[size] == '\0' ? path + size : NULL;
}

bool match_name(const char *pattern, size_t pattern_size, const char *name, size_t name_size)
{
	size_t p = 0, n = 0, retry_p = 0, retry_n = 0;
	bool has_star = false;

	for (;;) {
		size_t quoted = p + 1 < pattern_size && pattern[p] == '\\';

		if (p < pattern_size && pattern[p] == '*') {
			has_star = true;
			retry_p = ++p;
			retry_n = n;
		} else if (p == pattern_size && n == name_size) {
			return true;
		} else if (p < pattern_size && n < name_size && pattern[p + quoted] == name[n]) {
			p += 1 + quoted;
			n++;
		} else if (has_star && retry_n < name_size) {
			n = ++retry_n;
			p = retry_p;
		} else {
			return false;
		}
	}
}

static bool matches(struct slice pattern, struct slice name)
{
	return match_name(pattern.at, pattern.size, name.at, name.size);
}

bool match_path(const char *pattern, const char *path, bool below)
{
	const char *retry_pattern = NULL, *retry_path = NULL;

	for (;;) {
		struct slice want = first_component(pattern), have = first_component(path);

		if (!want.size && (below || !have.size))
			return true;
		if (is_deep(want)) {
			pattern = retry_pattern = after(want);
			retry_path = path;
		} else if (want.size && have.size && matches(want, have)) {
			pattern = after(want);
			path = after(have);
		} else {
			/* Let the last `**` swallow one component more. */
			struct slice swallowed = first_component(retry_path ? retry_path : "");

			if (!swallowed.size)
				return false;
			pattern = retry_pattern;
			path = retry_path = after(swallowed);
		}
	}
}

bool match_reaches(const char *pattern, const char *path)
{
	for (;;) {
		struct slice want = first_component(pattern), have = first_component(path);

		if (!have.size || is_deep(want))
			return true;
		if (!want.size || !matches(want, have))
			return false;
		pattern = after(want);
		path = after(have);
	}
}

static bool is_dots(const char *name, size_t size)
{
	return (size == 1 || size == 2) && strncmp(name, "..", size) == 0;
}

bool match_is_canonical(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	while (*path == '/') {
		size_t size = strcspn(++path, "/");

		if (size == 0 || is_dots(path, size))
			return false;
		path += size;
	}
	return true;
}
