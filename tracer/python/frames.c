/* SPDX-License-Identifier: Apache-2.0 */
/* frames.c: see frames.h. */
#include "tracer/python/frames.h"

#include <errno.h>
#include <string.h>

#define ANCHOR_LOOK_MAX 4096

/* Owners from here on are frames without Python code: enum _frameowner in 3.12 to 3.15. */
#define OWNER_SHIM 3

/* The low bits of f_executable are a tag from 3.14 on; objects are aligned to 8. */
#define TAG_MASK 7u

/* A frame as it was read, once. */
struct link {
	uint64_t address;
	uint64_t code, previous;
	uint64_t instruction;    /* 3.11 on: an address; before: f_lasti, sign-extended */
	int line;                /* before 3.11 and traced: f_lineno; else 0 */
	uint32_t tlbc;
	bool is_shim;
	bool is_entry;           /* 3.11: the outermost of its evaluation call */
};

/* Where the walk is. */
struct cursor {
	const struct frames_walk *walk;
	const struct layout *layout;
	uint64_t frame;          /* the next one to read; 0: the end */
	uint64_t cframe;         /* 3.11 */
};

static uint64_t word_at(const unsigned char *bytes, uint32_t offset)
{
	uint64_t word;

	memcpy(&word, bytes + offset, 8);
	return word;
}

static uint32_t int_at(const unsigned char *bytes, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, bytes + offset, 4);
	return word;
}

static int start(struct cursor *cursor, uint64_t state)
{
	const struct layout *layout = cursor->layout;
	struct pages *pages = cursor->walk->pages;
	int e;

	cursor->cframe = 0;
	if (layout->thread.cframe == LAYOUT_NONE)
		return pages_read_word(pages, state + layout->thread.frame, &cursor->frame);
	e = pages_read_word(pages, state + layout->thread.cframe, &cursor->cframe);
	if (e < 0)
		return e;
	return pages_read_word(pages, cursor->cframe + layout->cframe.frame, &cursor->frame);
}

static void parse_old(const struct layout *layout, const unsigned char *bytes, struct link *link)
{
	int32_t at = (int32_t)int_at(bytes, layout->frame.instruction);

	link->instruction = (uint64_t)(int64_t)at;
	/* 3.10 counts in instructions of two bytes. */
	if (layout->lines == LINES_RANGES)
		link->instruction *= 2;
	/* The line is kept up to date only while somebody traces. */
	if (word_at(bytes, layout->frame.trace))
		link->line = (int32_t)int_at(bytes, layout->frame.line);
}

static void parse(const struct layout *layout, const unsigned char *bytes, struct link *link)
{
	link->code = word_at(bytes, layout->frame.code) & ~(uint64_t)TAG_MASK;
	link->previous = word_at(bytes, layout->frame.previous);
	if (layout->minor < 11) {
		parse_old(layout, bytes, link);
		return;
	}
	link->instruction = word_at(bytes, layout->frame.instruction);
	if (layout->frame.is_entry != LAYOUT_NONE)
		link->is_entry = bytes[layout->frame.is_entry] != 0;
	else
		link->is_shim = bytes[layout->frame.owner] >= OWNER_SHIM;
	if (layout->frame.tlbc != LAYOUT_NONE)
		link->tlbc = int_at(bytes, layout->frame.tlbc);
}

/* Reads the frame the cursor is at, and moves on. */
static int next(struct cursor *cursor, struct link *ret_link)
{
	unsigned char copy[LAYOUT_FRAME_MAX];
	size_t size = cursor->layout->frame.size;
	const unsigned char *bytes = pages_peek(cursor->walk->pages, cursor->frame, size);
	struct link link = { .address = cursor->frame };

	if (!bytes) {
		int e = pages_read(cursor->walk->pages, cursor->frame, copy, size);

		if (e < 0)
			return e;
		bytes = copy;
	}
	parse(cursor->layout, bytes, &link);
	cursor->frame = link.previous;
	*ret_link = link;
	return 0;
}

/* 3.11: the evaluation call of an entry frame is over; what follows runs in the one before. */
static uint64_t leave_cframe(struct cursor *cursor)
{
	uint64_t left = cursor->cframe;

	if (pages_read_word(cursor->walk->pages, left + cursor->layout->cframe.previous,
			    &cursor->cframe) < 0)
		cursor->cframe = 0;
	return left;
}

/* Free-threaded 3.14 on: each thread may run a copy of the bytecode of its own. */
static uint64_t bytecode_of(const struct cursor *cursor, const struct code *code,
			    const struct link *link)
{
	struct pages *pages = cursor->walk->pages;
	uint64_t table, base;

	if (!link->tlbc || cursor->layout->code.tlbc == LAYOUT_NONE)
		return code->bytecode;
	if (pages_read_word(pages, link->code + cursor->layout->code.tlbc, &table) < 0 ||
	    pages_read_word(pages, table + 8 + 8 * (uint64_t)link->tlbc, &base) < 0)
		return code->bytecode;
	return base;
}

/* 0: none, or the budget is used up. */
static int line_of(const struct cursor *cursor, const struct code *code, const struct link *link,
		   struct frames *frames)
{
	int64_t at;
	int line;

	if (link->line > 0)
		return link->line;
	at = (int64_t)link->instruction;
	if (cursor->layout->minor >= 11)
		at = (int64_t)(link->instruction - bytecode_of(cursor, code, link));
	line = codes_line(cursor->layout, code, at, &frames->budget);
	if (line < 0)
		frames->is_truncated = true;
	return line < 0 ? 0 : line;
}

/* Frames since the last anchor run in the evaluation call that this one belongs to. */
static void set_anchor(struct frames *frames, unsigned since, uint64_t anchor)
{
	for (unsigned i = since; i < frames->count; i++)
		frames->items[i].anchor = anchor;
}

static int append(const struct cursor *cursor, const struct link *link, struct frames *frames)
{
	const struct frames_walk *walk = cursor->walk;
	const struct codes_place place = {
		.pages = walk->pages, .layout = cursor->layout,
		.type = walk->runtime->code_type, .space = walk->space, .stop = walk->stop,
	};
	struct frame *frame = &frames->items[frames->count];
	const struct code *code;
	int e = codes_find(walk->codes, &place, link->code, &code);

	if (e < 0)
		return e;
	*frame = (struct frame){ .code = code, .line = line_of(cursor, code, link, frames) };
	if (cursor->layout->minor < 11)
		frame->anchor = link->address;
	frames->count++;
	return 0;
}

/* One link of the chain; 1: the walk is over. */
static int step(struct cursor *cursor, struct frames *frames, unsigned *since)
{
	struct link link;
	int e = next(cursor, &link);

	if (e < 0)
		return e;
	if (link.is_shim) {
		set_anchor(frames, *since, link.address);
		*since = frames->count;
		return 0;
	}
	e = append(cursor, &link, frames);
	if (e < 0)
		return e;
	if (link.is_entry) {
		set_anchor(frames, *since, leave_cframe(cursor));
		*since = frames->count;
	}
	return cursor->walk->to_user && !frames->items[frames->count - 1].code->is_library;
}

void frames_clear(struct frames *frames)
{
	frames->count = 0;
	frames->is_truncated = false;
	frames->budget = FRAMES_TABLES_MAX;
}

int frames_append(const struct frames_walk *walk, uint64_t state, struct frames *frames)
{
	struct cursor cursor = { .walk = walk, .layout = &walk->runtime->layout };
	unsigned since = frames->count;
	int e = start(&cursor, state);

	frames->is_anchored = cursor.layout->minor >= 11;
	for (unsigned links = 0; e == 0 && cursor.frame; links++) {
		if (frames->count == STACK_FRAMES_MAX || links == 2 * STACK_FRAMES_MAX)
			e = -EDQUOT;
		else
			e = step(&cursor, frames, &since);
	}
	if (e == -ENOSPC || e == -ENOMEM)
		return e;
	if (e < 0)
		frames->is_truncated = true;
	return 0;
}

uint64_t frames_first_anchor(const struct frames_walk *walk, uint64_t state)
{
	struct cursor cursor = { .walk = walk, .layout = &walk->runtime->layout };
	struct link link;

	if (start(&cursor, state) < 0 || !cursor.frame)
		return 0;
	if (cursor.cframe && cursor.layout->minor == 11)
		return cursor.cframe;
	if (cursor.layout->minor < 11)
		return cursor.frame;
	for (unsigned i = 0; i < ANCHOR_LOOK_MAX && cursor.frame; i++) {
		if (next(&cursor, &link) < 0)
			break;
		if (link.is_shim)
			return link.address;
	}
	return UINT64_MAX;
}
