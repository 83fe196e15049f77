/* SPDX-License-Identifier: Apache-2.0 */
/* maps.c: see maps.h. */
#include "tracer/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

#include "base/fail.h"
#include "tracer/watchdog.h"

#define MAPS_SPREAD 256u         /* mappings that one loaded file is looked for in */

/* ---- parsing ---- */

/* A number without sign or blanks before it, up to `end`, which is stepped over. */
static bool take_number(char **at, unsigned base, char end, uint64_t *ret_number)
{
	uint64_t number = 0;
	char *p = *at;

	for (;; p++) {
		unsigned digit;

		if (*p >= '0' && *p <= '9')
			digit = (unsigned)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			digit = (unsigned)(*p - 'a') + 10;
		else
			break;
		if (digit >= base || number > (UINT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
	}
	if (p == *at || *p != end)
		return false;
	*at = p + 1;
	*ret_number = number;
	return true;
}

/* "r-xp ": a letter of each pair. */
static bool take_prot(char **at, struct map *map)
{
	static const char letters[] = "rwx";
	static const int bits[] = { PROT_READ, PROT_WRITE, PROT_EXEC };
	const char *p = *at;

	map->prot = 0;
	for (int i = 0; i < 3; i++) {
		if (p[i] == letters[i])
			map->prot |= bits[i];
		else if (p[i] != '-')
			return false;
	}
	if ((p[3] != 'p' && p[3] != 's') || p[4] != ' ')
		return false;
	map->is_shared = p[3] == 's';
	*at += 5;
	return true;
}

/* One NUL-terminated line: start-end prot offset major:minor inode path. */
static bool parse_line(char *line, struct map *map)
{
	uint64_t major, minor, inode;

	if (!take_number(&line, 16, '-', &map->start) || !take_number(&line, 16, ' ', &map->end) ||
	    !take_prot(&line, map) || !take_number(&line, 16, ' ', &map->offset) ||
	    !take_number(&line, 16, ':', &major) || !take_number(&line, 16, ' ', &minor))
		return false;
	/* The inode ends the line of an anonymous mapping; on old kernels a blank follows it. */
	if (!strchr(line, ' ')) {
		if (!take_number(&line, 10, '\0', &inode))
			return false;
		line--;
	} else if (!take_number(&line, 10, ' ', &inode)) {
		return false;
	}
	map->device = makedev((unsigned)major, (unsigned)minor);
	map->inode = inode;
	map->path = line + strspn(line, " ");
	return map->start < map->end;
}

/*
 * The text is read in pieces while other threads map: a mapping that grew downwards meanwhile may
 * overlap the one before it.  What was said first stays.
 */
static void add(struct maps *maps, struct map map)
{
	uint64_t end = maps->count ? maps->items[maps->count - 1].end : 0;

	if (map.end <= end)
		return;
	if (map.start < end) {
		map.offset += end - map.start;
		map.start = end;
	}
	maps->items[maps->count++] = map;
}

static size_t count_lines(const char *text, size_t length)
{
	const char *end = text + length;
	size_t count = 1;

	while ((text = memchr(text, '\n', (size_t)(end - text))))
		text++, count++;
	return count;
}

static int parse(struct maps *maps, size_t length)
{
	char *line = maps->text, *end = line + length;

	while (line < end) {
		char *newline = memchr(line, '\n', (size_t)(end - line));
		struct map map;

		if (!newline)
			newline = end;
		*newline = '\0';
		if (!parse_line(line, &map))
			return -EINVAL;
		add(maps, map);
		line = newline + 1;
	}
	return 0;
}

int maps_parse(char *text, size_t length, struct maps *ret_maps)
{
	struct maps maps = { .text = text };
	size_t lines = length ? count_lines(text, length) : 0;
	int e;

	if (length > MAPS_TEXT_MAX || lines > MAPS_MAX + 1) {
		free(text);
		return -E2BIG;
	}
	maps.items = calloc(lines + 1, sizeof(*maps.items));
	e = maps.items ? parse(&maps, length) : -ENOMEM;
	if (e < 0) {
		maps_free(&maps);
		return e;
	}
	*ret_maps = maps;
	return 0;
}

/* ---- reading ---- */

static int read_all(int fd, pid_t pid, char **ret_text, size_t *ret_length)
{
	size_t length = 0, room = 32 << 10;
	cleanup_free char *text = malloc(room);

	for (;;) {
		ssize_t n;

		if (!text)
			return -ENOMEM;
		/* Waits for the lock of the address space, which a page fault may hold. */
		watchdog_enter(pid);
		n = read(fd, text + length, room - length - 1);
		watchdog_leave();
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		length += n > 0 ? (size_t)n : 0;
		if (length > MAPS_TEXT_MAX)
			return -E2BIG;
		if (room - length < 8192) {
			char *more = realloc(text, room *= 2);

			if (!more)
				return -ENOMEM;
			text = more;
		}
	}
	*ret_text = text;
	*ret_length = length;
	text = NULL;
	return 0;
}

int maps_read(pid_t pid, struct maps *ret_maps)
{
	cleanup_close int fd = -1;
	char path[32], *text = NULL;
	size_t length = 0;
	int e;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	e = read_all(fd, pid, &text, &length);
	return e < 0 ? e : maps_parse(text, length, ret_maps);
}

/* ---- finding ---- */

const struct map *maps_find(const struct maps *maps, uint64_t address)
{
	size_t low = 0, high = maps->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct map *map = &maps->items[middle];

		if (address < map->start)
			high = middle;
		else if (address >= map->end)
			low = middle + 1;
		else
			return map;
	}
	return NULL;
}

static bool is_same_file(const struct map *a, const struct map *b)
{
	return a->device == b->device && a->inode == b->inode && strcmp(a->path, b->path) == 0;
}

const struct map *maps_first_of(const struct maps *maps, const struct map *map)
{
	size_t index = (size_t)(map - maps->items);

	/* Other mappings may lie between: .bss, a hole, a part that was protected by itself. */
	for (unsigned i = 0; i < MAPS_SPREAD && i <= index; i++) {
		const struct map *below = &maps->items[index - i];

		if (below->offset == 0 && is_same_file(below, map))
			return below;
	}
	return NULL;
}

void maps_free(struct maps *maps)
{
	free(maps->items);
	free(maps->text);
	*maps = (struct maps){ .count = 0 };
}
