/* SPDX-License-Identifier: Apache-2.0 */
/* usage.c: see usage.h. */
#include "tracer/corpus/usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "tracer/corpus/tree.h"
#include "tracer/run.h"

static int parse(const char *limit, const char *value, uint64_t *ret_amount)
{
	if (!strcmp(limit, "time") || !strcmp(limit, "cpu"))
		return num_parse_time(value, ret_amount);
	if (!strcmp(limit, "procs") || !strcmp(limit, "files"))
		return num_parse(value, INT32_MAX, ret_amount);
	return num_parse_size(value, ret_amount);
}

uint64_t usage_limit(const struct corpus_header *header)
{
	size_t length = strlen(header->limit);
	uint64_t amount = strcmp(header->limit, "procs") ? 0 : RUN_PROCS_DEFAULT;

	for (unsigned i = 0; i < header->option_count; i++) {
		const char *option = header->options[i];

		if (!strncmp(option, "--", 2) && !strncmp(option + 2, header->limit, length) &&
		    option[2 + length] == '=')
			parse(header->limit, option + length + 3, &amount);
	}
	return amount;
}

/* The largest file directly in BASE/w. */
static uint64_t largest_file(const char *base)
{
	char path[PATH_MAX];
	uint64_t most = 0;
	struct dirent *entry;
	struct stat st;
	DIR *folder;

	if (snprintf(path, sizeof(path), "%s/w", base) >= (int)sizeof(path))
		return 0;
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && (uint64_t)st.st_size > most)
			most = (uint64_t)st.st_size;
	if (folder)
		closedir(folder);
	return most;
}

static uint64_t of_tree(const char *limit, pid_t program)
{
	static struct tree tree;
	struct tree_usage usage;

	tree_find(program, &tree);
	if (tree.count < TREE_MAX)
		tree.pids[tree.count++] = program;
	tree_measure(&tree, &usage);
	if (!strcmp(limit, "memory"))
		return usage.memory_bytes;
	if (!strcmp(limit, "cpu"))
		return usage.cpu_ms;
	return strcmp(limit, "files") ? usage.tasks : usage.files;
}

bool usage_exceeds(const struct corpus_header *header, pid_t program, const char *base,
		   uint64_t output_bytes, double wall_s, char *out, size_t size)
{
	uint64_t limit = usage_limit(header), used;

	if (!limit)
		return false;
	if (!strcmp(header->limit, "time"))
		used = (uint64_t)(wall_s * 1000);
	else if (!strcmp(header->limit, "output"))
		used = output_bytes;
	else if (!strcmp(header->limit, "fsize"))
		used = largest_file(base);
	else
		used = of_tree(header->limit, program);
	snprintf(out, size, "%s is at %" PRIu64 ", above %" PRIu64, header->limit, used, limit);
	return used > limit;
}
