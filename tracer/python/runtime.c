/* SPDX-License-Identifier: Apache-2.0 */
/* runtime.c: see runtime.h. */
#include "tracer/python/runtime.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tracer/elf.h"
#include "tracer/maps.h"

#define FILES_MAX 256            /* mapped files that are looked into */

#define NO_PYTHON "no Python in this process"
#define UNKNOWN_VERSION "a version of Python that pyjail does not know"
#define CONTRADICTS "its description of itself contradicts itself"
#define HIDDEN "its Python exports no _PyRuntime"
#define PYPY "PyPy keeps its frames otherwise"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The number after "python3.", when nothing but a suffix follows it. */
unsigned runtime_minor_of_name(const char *path)
{
	const char *at = strstr(base_name(path), "python3.");
	unsigned minor = 0;
	int digits = 0;

	if (!at)
		return 0;
	for (at += strlen("python3."); *at >= '0' && *at <= '9' && digits < 2; at++, digits++)
		minor = 10 * minor + (unsigned)(*at - '0');
	return digits && (*at == '\0' || *at == '.' || *at == ' ') ? minor : 0;
}

/* How likely a file holds the runtime: the program itself, a libpython, anything else. */
enum rank { RANK_PROGRAM, RANK_LIBRARY, RANK_OTHER, RANKS };

struct search {
	pid_t pid;
	struct pages *pages;
	const struct maps *maps;
	struct stat program;     /* of /proc/PID/exe */
	struct runtimes found;
	const char *reason;
};

static enum rank rank_of(const struct search *search, const struct map *map)
{
	if (map->inode == search->program.st_ino && map->device == search->program.st_dev)
		return RANK_PROGRAM;
	if (strncmp(base_name(map->path), "libpython3", 10) == 0)
		return RANK_LIBRARY;
	return RANK_OTHER;
}

/* Py_Version is of 3.11 and later; before, the file's name must say it. */
static int find_version(const struct search *search, struct elf *elf, const struct map *map,
			uint64_t bias, uint64_t *ret_version)
{
	uint64_t value;
	unsigned minor;

	if (elf_symbol(elf, "Py_Version", &value) == 0)
		return pages_read_word(search->pages, bias + value, ret_version);
	minor = runtime_minor_of_name(map->path);
	if (!minor)
		return -ENOTSUP;
	*ret_version = (uint64_t)3 << 24 | minor << 16;
	return 0;
}

static int find_layout(const struct search *search, uint64_t version, struct runtime *runtime)
{
	unsigned minor = (unsigned)(version >> 16 & 0xff);
	const struct layout *known = layout_fixed(minor);
	size_t count = layout_words(minor);
	uint64_t words[LAYOUT_WORDS_MAX];
	int e;

	if (version >> 24 != 3)
		return -ENOTSUP;
	if (known) {
		runtime->layout = *known;
		return 0;
	}
	if (!count)
		return -ENOTSUP;
	e = pages_read(search->pages, runtime->address, words, count * sizeof(words[0]));
	return e < 0 ? e : layout_from_words(words, count, version, &runtime->layout);
}

static int look_into(const struct search *search, struct elf *elf, const struct map *map,
		     struct runtime *runtime)
{
	uint64_t bias = elf_bias(elf, map), version = 0;
	int e = elf_symbol(elf, "_PyRuntime", &runtime->address);

	if (e == 0)
		e = elf_symbol(elf, "PyCode_Type", &runtime->code_type);
	if (e < 0)
		return -ENOENT;
	runtime->address += bias;
	runtime->code_type += bias;
	e = find_version(search, elf, map, bias, &version);
	return e < 0 ? e : find_layout(search, version, runtime);
}

/* The mapped file, or its image in memory when the file is gone or was exchanged. */
static int open_image(const struct search *search, const struct map *map, struct elf *ret_elf)
{
	int e = elf_open(search->pid, map, search->pages, ret_elf);

	if (e == -ENOEXEC || e == -ENOMEM || e == -ESRCH)
		return e;
	return e < 0 ? elf_open_memory(search->pages, map->start, ret_elf) : 0;
}

static void examine(struct search *search, const struct map *map, enum rank rank)
{
	struct runtime runtime;
	struct elf elf;
	int e;

	if (search->found.count == RUNTIMES_MAX || open_image(search, map, &elf) < 0)
		return;
	e = look_into(search, &elf, map, &runtime);
	elf_close(&elf);
	if (e == 0)
		search->found.items[search->found.count++] = runtime;
	else if (e == -ENOTSUP)
		search->reason = UNKNOWN_VERSION;
	else if (e == -EINVAL)
		search->reason = CONTRADICTS;
	else if (rank == RANK_LIBRARY)
		search->reason = HIDDEN;
}

static bool is_start_of_file(const struct map *map)
{
	return map->inode && map->offset == 0 && map->prot & PROT_READ && map->path[0] == '/';
}

static void examine_all(struct search *search, enum rank rank)
{
	const struct map *last = NULL;
	unsigned files = 0;

	for (size_t i = 0; i < search->maps->count && files < FILES_MAX; i++) {
		const struct map *map = &search->maps->items[i];

		if (!is_start_of_file(map) || rank_of(search, map) != rank)
			continue;
		/* The loader maps some files' first page twice, side by side. */
		if (last && last->inode == map->inode && last->device == map->device)
			continue;
		if (strncmp(base_name(map->path), "libpypy", 7) == 0)
			search->reason = PYPY;
		examine(search, map, rank);
		last = map;
		files++;
	}
}

int runtimes_find(pid_t pid, struct pages *pages, struct runtimes *ret_runtimes)
{
	struct search search = { .pid = pid, .pages = pages, .reason = NO_PYTHON };
	struct maps maps;
	char path[32];
	int e = maps_read(pid, &maps);

	if (e < 0)
		return e;
	search.maps = &maps;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (stat(path, &search.program) < 0)
		search.program.st_ino = 0;
	examine_all(&search, RANK_PROGRAM);
	examine_all(&search, RANK_LIBRARY);
	if (!search.found.count)
		examine_all(&search, RANK_OTHER);
	maps_free(&maps);
	search.found.reason = search.found.count ? NULL : search.reason;
	*ret_runtimes = search.found;
	return 0;
}
