/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c: see layout.h. */
#include "tracer/python/layout.h"

#include <errno.h>
#include <string.h>

#include "base/fail.h"

#define NONE LAYOUT_NONE

/* Nothing of what is read here moved from 3.8 to 3.9; much stayed until 3.10, and beyond. */
#define STRINGS .type = 8, .bytes = { 16, 32 }, .str = { 16, 32, 48, 72 }
#define THREADS_3_8                                                                                \
	.runtime = { 32 }, .interpreter = { 0, 8 },                                                \
	.thread = { .next = 8, .frame = 24, .cframe = NONE, .id = 176, .native_id = NONE },        \
	.cframe = { NONE, NONE }
#define CODE_3_8                                                                                   \
	.code = { .file = 104, .name = 112, .qualname = NONE, .table = 120, .first_line = 40,      \
		  .bytecode = NONE, .version = NONE, .tlbc = NONE }
#define ALL_3_8                                                                                    \
	.lines = LINES_LNOTAB, THREADS_3_8, CODE_3_8, STRINGS,                                     \
	.frame = { .size = 112, .code = 32, .previous = 24, .instruction = 104, .owner = NONE,     \
		   .is_entry = NONE, .line = 108, .trace = 80, .tlbc = NONE }

static const struct layout fixed[] = {
	{ .minor = 8, ALL_3_8 },
	{ .minor = 9, ALL_3_8 },
	{ .minor = 10, .lines = LINES_RANGES, THREADS_3_8, CODE_3_8, STRINGS,
	  .frame = { .size = 104, .code = 32, .previous = 24, .instruction = 96, .owner = NONE,
		     .is_entry = NONE, .line = 100, .trace = 72, .tlbc = NONE } },
	{ .minor = 11, .lines = LINES_LOCATIONS, .runtime = { 40 }, .interpreter = { 0, 16 },
	  .thread = { .next = 8, .frame = NONE, .cframe = 56, .id = 152, .native_id = 160 },
	  .cframe = { 8, 16 },
	  .frame = { .size = 80, .code = 32, .previous = 48, .instruction = 56, .owner = 69,
		     .is_entry = 68, .line = NONE, .trace = NONE, .tlbc = NONE },
	  .code = { .file = 112, .name = 120, .qualname = 128, .table = 136, .first_line = 72,
		    .bytecode = 184, .version = NONE, .tlbc = NONE }, STRINGS },
	{ .minor = 12, .lines = LINES_LOCATIONS, .runtime = { 40 }, .interpreter = { 0, 72 },
	  .thread = { .next = 8, .frame = NONE, .cframe = 56, .id = 136, .native_id = 144 },
	  .cframe = { 0, 8 },
	  .frame = { .size = 80, .code = 0, .previous = 8, .instruction = 56, .owner = 70,
		     .is_entry = NONE, .line = NONE, .trace = NONE, .tlbc = NONE },
	  .code = { .file = 112, .name = 120, .qualname = 128, .table = 136, .first_line = 68,
		    .bytecode = 192, .version = 92, .tlbc = NONE },
	  .type = 8, .bytes = { 16, 32 }, .str = { 16, 32, 40, 56 } },
};

const struct layout *layout_fixed(unsigned minor)
{
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (fixed[i].minor == minor)
			return &fixed[i];
	return NULL;
}

/* Numbers of words; 0, which is the cookie's: the version has no such word. */
struct word_map {
	unsigned minor;
	uint8_t words;
	uint8_t interpreters;
	uint8_t interpreter_size, interpreter_next, threads;
	uint8_t thread_size, thread_next, thread_frame, thread_id, thread_native_id;
	uint8_t frame_size, frame_previous, frame_code, frame_instruction, frame_owner, frame_tlbc;
	uint8_t code_size, code_file, code_name, code_qualname, code_table, code_first_line,
		code_bytecode, code_tlbc;
	uint8_t type;
	uint8_t bytes_size, bytes_data;
	uint8_t str_state, str_length, str_ascii, str_other;
};

static const struct word_map maps[] = {
	{ .minor = 13, .words = 73, .interpreters = 5,
	  .interpreter_size = 6, .interpreter_next = 8, .threads = 9,
	  .thread_size = 19, .thread_next = 21, .thread_frame = 23, .thread_id = 24,
	  .thread_native_id = 25,
	  .frame_size = 28, .frame_previous = 29, .frame_code = 30, .frame_instruction = 31,
	  .frame_owner = 33,
	  .code_size = 34, .code_file = 35, .code_name = 36, .code_qualname = 37,
	  .code_table = 38, .code_first_line = 39, .code_bytecode = 43,
	  .type = 45, .bytes_size = 65, .bytes_data = 66,
	  .str_state = 68, .str_length = 69, .str_ascii = 70 },
	{ .minor = 14, .words = 95, .interpreters = 5,
	  .interpreter_size = 6, .interpreter_next = 8, .threads = 9,
	  .thread_size = 22, .thread_next = 24, .thread_frame = 26, .thread_id = 27,
	  .thread_native_id = 28,
	  .frame_size = 31, .frame_previous = 32, .frame_code = 33, .frame_instruction = 34,
	  .frame_owner = 36, .frame_tlbc = 38,
	  .code_size = 39, .code_file = 40, .code_name = 41, .code_qualname = 42,
	  .code_table = 43, .code_first_line = 44, .code_bytecode = 48, .code_tlbc = 49,
	  .type = 51, .bytes_size = 75, .bytes_data = 76,
	  .str_state = 78, .str_length = 79, .str_ascii = 80 },
	{ .minor = 15, .words = 111, .interpreters = 5,
	  .interpreter_size = 6, .interpreter_next = 8, .threads = 9,
	  .thread_size = 22, .thread_next = 24, .thread_frame = 26, .thread_id = 30,
	  .thread_native_id = 31,
	  .frame_size = 39, .frame_previous = 40, .frame_code = 41, .frame_instruction = 42,
	  .frame_owner = 44, .frame_tlbc = 46,
	  .code_size = 47, .code_file = 48, .code_name = 49, .code_qualname = 50,
	  .code_table = 51, .code_first_line = 52, .code_bytecode = 56, .code_tlbc = 57,
	  .type = 59, .bytes_size = 87, .bytes_data = 88,
	  .str_state = 90, .str_length = 91, .str_ascii = 92, .str_other = 93 },
};

static const struct word_map *find_map(unsigned minor)
{
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (maps[i].minor == minor)
			return &maps[i];
	return NULL;
}

size_t layout_words(unsigned minor)
{
	const struct word_map *map = find_map(minor);

	return map ? map->words : 0;
}

/* Caps on what a structure may claim to be large; an interpreter state holds whole caches. */
#define RUNTIME_MAX (16u << 20)
#define INTERPRETER_MAX (16u << 20)
#define THREAD_MAX 65536u
#define CODE_MAX 4096u
#define OBJECT_MAX 256u

struct reader {
	const uint64_t *words;
	bool is_bad;
};

/* The offset of a field of `width` bytes inside a structure of `size` bytes. */
static uint32_t field(struct reader *reader, uint8_t word, uint64_t size, uint64_t width)
{
	uint64_t offset = reader->words[word];

	if (!word)
		return NONE;
	if (offset > size || size - offset < width) {
		reader->is_bad = true;
		return 0;
	}
	return (uint32_t)offset;
}

static uint64_t size_of(struct reader *reader, uint8_t word, uint64_t max)
{
	uint64_t size = reader->words[word];

	if (size == 0 || size > max) {
		reader->is_bad = true;
		return 0;
	}
	return size;
}

static void read_threads(struct reader *r, const struct word_map *map, struct layout *layout)
{
	uint64_t interpreter = size_of(r, map->interpreter_size, INTERPRETER_MAX);
	uint64_t thread = size_of(r, map->thread_size, THREAD_MAX);

	layout->runtime.interpreters = field(r, map->interpreters, RUNTIME_MAX, 8);
	layout->interpreter.next = field(r, map->interpreter_next, interpreter, 8);
	layout->interpreter.threads = field(r, map->threads, interpreter, 8);
	layout->thread.next = field(r, map->thread_next, thread, 8);
	layout->thread.frame = field(r, map->thread_frame, thread, 8);
	layout->thread.id = field(r, map->thread_id, thread, 8);
	layout->thread.native_id = field(r, map->thread_native_id, thread, 8);
	layout->thread.cframe = NONE;
	layout->cframe.frame = layout->cframe.previous = NONE;
}

static void read_frame(struct reader *r, const struct word_map *map, struct layout *layout)
{
	uint64_t size = size_of(r, map->frame_size, LAYOUT_FRAME_MAX);

	layout->frame.size = (uint32_t)size;
	layout->frame.code = field(r, map->frame_code, size, 8);
	layout->frame.previous = field(r, map->frame_previous, size, 8);
	layout->frame.instruction = field(r, map->frame_instruction, size, 8);
	layout->frame.owner = field(r, map->frame_owner, size, 1);
	layout->frame.tlbc = layout->is_free_threaded ? field(r, map->frame_tlbc, size, 4) : NONE;
	layout->frame.is_entry = layout->frame.line = layout->frame.trace = NONE;
}

/* co_version follows co_firstlineno by 24 bytes in 3.13 to 3.15 (Include/cpython/code.h). */
static void read_code(struct reader *r, const struct word_map *map, struct layout *layout)
{
	uint64_t size = size_of(r, map->code_size, CODE_MAX);

	layout->code.file = field(r, map->code_file, size, 8);
	layout->code.name = field(r, map->code_name, size, 8);
	layout->code.qualname = field(r, map->code_qualname, size, 8);
	layout->code.table = field(r, map->code_table, size, 8);
	layout->code.first_line = field(r, map->code_first_line, size, 28);
	layout->code.version = layout->code.first_line + 24;
	/* The last member, an array: it may begin where the size ends. */
	layout->code.bytecode = field(r, map->code_bytecode, size, 0);
	layout->code.tlbc = layout->is_free_threaded ? field(r, map->code_tlbc, size, 8) : NONE;
}

static void read_objects(struct reader *r, const struct word_map *map, struct layout *layout)
{
	layout->type = field(r, map->type, OBJECT_MAX, 8);
	layout->bytes.size = field(r, map->bytes_size, OBJECT_MAX, 8);
	layout->bytes.data = field(r, map->bytes_data, OBJECT_MAX, 0);
	layout->str.length = field(r, map->str_length, OBJECT_MAX, 8);
	layout->str.state = field(r, map->str_state, OBJECT_MAX, 4);
	/* Sizes of the two heads: their text follows (Include/cpython/unicodeobject.h). */
	layout->str.ascii = field(r, map->str_ascii, OBJECT_MAX, 0);
	layout->str.other = map->str_other ? field(r, map->str_other, OBJECT_MAX, 0)
					   : layout->str.ascii + 16;
}

int layout_from_words(const uint64_t *words, size_t count, uint64_t version,
		      struct layout *ret_layout)
{
	const struct word_map *map = find_map((unsigned)(version >> 16 & 0xff));
	struct reader reader = { .words = words };
	struct layout layout = { .lines = LINES_LOCATIONS };

	if (version >> 24 != 3 || !map)
		return -ENOTSUP;
	if (count < map->words || memcmp(words, LAYOUT_COOKIE, 8) != 0 || words[1] != version)
		return -EINVAL;
	layout.minor = map->minor;
	layout.is_free_threaded = words[2] != 0;
	read_threads(&reader, map, &layout);
	read_frame(&reader, map, &layout);
	read_code(&reader, map, &layout);
	read_objects(&reader, map, &layout);
	if (reader.is_bad)
		return -EINVAL;
	*ret_layout = layout;
	return 0;
}
