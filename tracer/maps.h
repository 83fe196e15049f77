/* SPDX-License-Identifier: Apache-2.0 */
/*
 * maps.h: /proc/PID/maps (proc_pid_maps(5)) as data.
 *
 * The list is a moment's: other threads map and unmap while it is read.  Sorted by address and
 * without overlaps, whatever the text said.  File names are the tracee's choice: untrusted bytes,
 * as the kernel wrote them, where a newline is the four characters \012 (a backslash stays as it
 * is) and an unlinked file's name is followed by " (deleted)", which a name may end in by itself.
 * Only the device and inode say which file it is; see elf.h.
 */
#ifndef TRACER_MAPS_H
#define TRACER_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MAPS_MAX 65536u                  /* mappings; the kernel's own default limit is 65,530 */
#define MAPS_TEXT_MAX (16u << 20)        /* bytes */

struct map {
	uint64_t start, end;             /* [start, end) */
	uint64_t offset;                 /* of start in the file */
	dev_t device;
	ino_t inode;                     /* 0: not a file's */
	int prot;                        /* PROT_READ, PROT_WRITE, PROT_EXEC of mman.h */
	bool is_shared;
	const char *path;                /* "" for none, "[stack]" and its like; owned by maps */
};

struct maps {
	struct map *items;
	size_t count;
	char *text;                      /* the paths lie in it */
};

/* -E2BIG: more than the bounds; -ESRCH: gone; -EINVAL: not the kernel's format. */
int maps_read(pid_t pid, struct maps *ret_maps);

/*
 * `text`: allocated, taken (freed on failure too), `length` bytes and room for one more.
 * Pure; -EINVAL, -E2BIG, -ENOMEM.
 */
int maps_parse(char *text, size_t length, struct maps *ret_maps);

/* The mapping that holds `address`, or NULL. */
const struct map *maps_find(const struct maps *maps, uint64_t address);

/*
 * The mapping of the start of the same file that `map` belongs to: same device, inode and path,
 * offset 0, the nearest at or below it (a few hundred mappings are looked at).  NULL: there is none.
 */
const struct map *maps_first_of(const struct maps *maps, const struct map *map);

void maps_free(struct maps *maps);

#endif
