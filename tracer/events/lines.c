/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: see lines.h. */
#include "tracer/events/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE_FIRST (256u << 10)

struct lines {
	int fd;
	char *bytes;
	size_t size;
	size_t head, seen, tail;   /* the next line starts; no newline before; bytes end */
	uint64_t number, offset;
	bool is_skipping;          /* a line that was too long: up to its newline */
};

int lines_new(int fd, struct lines **ret_lines)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (lines)
		lines->bytes = malloc(SIZE_FIRST);
	if (!lines || !lines->bytes) {
		free(lines);
		return -ENOMEM;
	}
	lines->fd = fd;
	lines->size = SIZE_FIRST;
	*ret_lines = lines;
	return 0;
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	free(lines->bytes);
	free(lines);
}

uint64_t lines_offset(const struct lines *lines)
{
	return lines->offset;
}

/* Room behind `tail`: by moving what is left to the front, or by growing. */
static int make_room(struct lines *lines)
{
	char *bytes;

	if (lines->head > 0) {
		memmove(lines->bytes, lines->bytes + lines->head, lines->tail - lines->head);
		lines->seen -= lines->head;
		lines->tail -= lines->head;
		lines->head = 0;
	}
	if (lines->tail < lines->size)
		return 0;
	bytes = realloc(lines->bytes, 2 * lines->size);
	if (!bytes)
		return -ENOMEM;
	lines->bytes = bytes;
	lines->size *= 2;
	return 0;
}

/* 1: there are more bytes; 0: none so far. */
static int fill(struct lines *lines)
{
	int r = lines->tail == lines->size ? make_room(lines) : 0;
	ssize_t got;

	if (r < 0)
		return r;
	/* EINTR is the caller's: Ctrl-C ends the wait for a pipe. */
	got = read(lines->fd, lines->bytes + lines->tail, lines->size - lines->tail);
	if (got < 0)
		return -errno;
	lines->tail += (size_t)got;
	lines->offset += (uint64_t)got;
	return got > 0;
}

static int give(struct lines *lines, size_t length, size_t taken, struct line *ret_line)
{
	*ret_line = (struct line){
		.text = lines->bytes + lines->head, .length = length, .number = ++lines->number,
	};
	lines->head += taken;
	lines->seen = lines->head;
	return 1;
}

/* The newline that ends the line at `head`; NULL: not read yet. */
static const char *find_end(struct lines *lines)
{
	const char *end = memchr(lines->bytes + lines->seen, '\n', lines->tail - lines->seen);

	if (!end)
		lines->seen = lines->tail;
	return end;
}

static int give_too_long(struct lines *lines, struct line *ret_line)
{
	size_t length = lines->tail - lines->head;

	lines->is_skipping = true;
	give(lines, LINES_MAX, length, ret_line);
	ret_line->is_too_long = true;
	return 1;
}

/* 1: `ret_line` is one; 0: more bytes are needed. */
static int take(struct lines *lines, struct line *ret_line)
{
	const char *end = find_end(lines);
	size_t length = (size_t)((end ? end : lines->bytes + lines->tail) -
				 (lines->bytes + lines->head));

	if (lines->is_skipping) {
		lines->head += length + (end != NULL);
		lines->seen = lines->head;
		lines->is_skipping = !end;
		return end ? take(lines, ret_line) : 0;
	}
	if (length > LINES_MAX && !end)
		return give_too_long(lines, ret_line);
	if (!end)
		return 0;
	give(lines, length, length + 1, ret_line);
	ret_line->is_too_long = length > LINES_MAX;
	return 1;
}

int lines_next(struct lines *lines, bool is_last, struct line *ret_line)
{
	int r;

	while ((r = take(lines, ret_line)) == 0) {
		r = fill(lines);
		if (r <= 0)
			break;
	}
	if (r != 0 || !is_last || lines->head == lines->tail)
		return r;
	give(lines, lines->tail - lines->head, lines->tail - lines->head, ret_line);
	ret_line->is_unended = true;
	return 1;
}
