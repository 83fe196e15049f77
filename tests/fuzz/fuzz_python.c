/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_python.c: an interpreter's memory, corrupted as the input says, is walked for its Python
 * frames; what comes out is bounded and can be written down.
 *
 *     clang -fsanitize=fuzzer,address,undefined ...
 *
 * Input: the version, then changes of 8 bytes each: where, how, and with what.  Every 16th change
 * the thread stops and is walked; what was learnt of code objects is kept between stops.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/image_python.h"
#include "tracer/events/json_stack.h"
#include "tracer/events/stack.h"
#include "tracer/merge.h"
#include "tracer/python/python.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define THREAD 0x7f7f7f7f0740u
#define CHANGE 8
#define STOP_EACH 16
#define NATIVE 6

static const char *const prefixes[] = { "/usr/lib/python3" };
static const struct codes_folders folders = { prefixes, 1 };

/* Places worth corrupting, besides any at all. */
struct base {
	struct image_python python;
	uint64_t places[64];
	unsigned place_count;
};

static struct base bases[LAYOUT_MINOR_LAST + 1];
static struct pages *pages;

static void note(struct base *base, uint64_t place)
{
	if (base->place_count < 64)
		base->places[base->place_count++] = place;
}

static uint64_t add_frames(struct base *base, unsigned count)
{
	static const char *const files[] = { "a.py", "/usr/lib/python3/x.py", "<string>", "\x1b.py" };
	struct image_python *python = &base->python;
	uint64_t frame = python->runtime.layout.minor >= 12 ? image_shim(python, 0) : 0;

	for (unsigned i = 0; i < count; i++) {
		uint64_t code = image_code(python, files[i % 4], "f", 10);

		note(base, code);
		frame = image_frame(python, code, frame, i);
		note(base, frame);
		if (python->runtime.layout.minor == 11 && i % 3 == 0)
			image_set_entry(python, frame);
		if (python->runtime.layout.minor >= 12 && i % 3 == 2)
			frame = image_shim(python, frame);
	}
	return frame;
}

static struct base *base_of(unsigned minor)
{
	struct base *base = &bases[minor];

	if (base->place_count)
		return base;
	image_python_new(&base->python, minor);
	note(base, IMAGE_RUNTIME);
	note(base, base->python.interpreter);
	note(base, image_thread(&base->python, THREAD, add_frames(base, 7)));
	note(base, image_thread(&base->python, THREAD, 0));
	note(base, image_interpreter(&base->python));
	note(base, image_thread(&base->python, THREAD, add_frames(base, 3)));
	note(base, image_thread(&base->python, THREAD + 64, add_frames(base, 1)));
	note(base, IMAGE_STACK);
	return base;
}

/* At an interesting place or anywhere; a word from another place, or bytes of the input. */
static void change(struct base *base, const uint8_t *at)
{
	struct image *image = &base->python.image;
	uint64_t place, value;
	uint16_t offset;
	uint8_t *byte;

	memcpy(&offset, at + 2, sizeof(offset));
	if (at[0] & 128)
		place = image->pages[at[1] % image->count]->address + offset % PAGES_SIZE;
	else
		place = base->places[at[1] % base->place_count] + offset % 512;
	value = at[0] & 64 ? base->places[at[4] % base->place_count] + at[5] : (uint64_t)at[4];
	for (unsigned i = 0; i < (at[0] & 32 ? 8 : at[0] & 16 ? 4 : 1); i++) {
		byte = image_at(image, place + i);
		if (byte)
			*byte = at[0] & 64 ? (uint8_t)(value >> 8 * i) : at[4 + i % 4];
	}
}

static void write_down(const struct frames *frames, struct pages *from)
{
	static struct python_frame shown[STACK_FRAMES_MAX];
	static struct c_frame c_frames[NATIVE];
	struct native_frame native[NATIVE] = { { .sp = 0 } };
	struct stack stack = { .detail = STACK_NATIVE, .python = shown, .native = c_frames,
			       .python_count = frames->count, .native_count = NATIVE };
	char where[512], *text;
	unsigned placed = 0;
	size_t room;

	for (unsigned i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->items[i];

		assert(frame->line >= 0 && frame->code->file && frame->code->function);
		assert(strlen(frame->code->file) < 4 * 4096 + 1);
		shown[i] = (struct python_frame){ frame->code->file, frame->code->function,
						  frame->line, frame->code->is_library };
	}
	for (unsigned i = 0; i < NATIVE; i++)
		native[i].sp = IMAGE_STACK + i * 100;
	merge_frames(frames, native, &stack, from);
	for (unsigned i = 0; i < NATIVE; i++) {
		assert(c_frames[i].first + c_frames[i].count <= frames->count);
		placed += c_frames[i].count;
	}
	assert(placed <= frames->count);
	assert(stack_where(&stack, where, sizeof(where)) < sizeof(where));
	room = json_stack_size_max(&stack);
	text = malloc(room + 1);
	assert(text && json_put_stack(text, &stack) <= text + room);
	free(text);
}

static void stop(const struct base *base, struct codes *codes, uint64_t number, uint64_t *state)
{
	static struct frames frames;
	const struct runtimes runtimes = { .items = { base->python.runtime }, .count = 1 };
	const struct python_thread thread = { 1, 1, THREAD, IMAGE_STACK, state };
	struct frames_walk walk = { pages, NULL, codes, 1, number, number % 4 == 3 };
	const char *reason = NULL;
	int e;

	pages_begin(pages, 1, 1, PAGES_ROOM);
	e = python_frames(&walk, &runtimes, &thread, &frames, &reason);
	assert(e == 0 || e == -ENOSPC);
	assert(frames.count <= STACK_FRAMES_MAX);
	assert(e < 0 || !frames.count == (reason != NULL));
	write_down(&frames, pages);
}

static void keep(const struct image *image, struct image_page *kept)
{
	for (unsigned i = 0; i < image->count; i++)
		kept[i] = *image->pages[i];
}

static void restore(struct image *image, const struct image_page *kept)
{
	for (unsigned i = 0; i < image->count; i++)
		*image->pages[i] = kept[i];
}

/* The table at the start of the runtime, read as the tracer reads it. */
static void describe(const struct base *base)
{
	unsigned minor = base->python.runtime.layout.minor;
	uint64_t words[LAYOUT_WORDS_MAX];
	struct layout layout;

	if (!layout_words(minor))
		return;
	pages_begin(pages, 1, 0, PAGES_ROOM);
	if (pages_read(pages, IMAGE_RUNTIME, words, sizeof(words)) < 0 ||
	    layout_from_words(words, layout_words(minor), words[1], &layout) < 0)
		return;
	assert(layout.frame.size <= LAYOUT_FRAME_MAX && layout.frame.code + 8 <= layout.frame.size);
	assert(layout.frame.owner < layout.frame.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pages_source source;
	struct image_page *kept;
	struct codes *codes;
	uint64_t state = 0, number = 0;
	struct base *base;

	if (size < 1 || (!pages && pages_new(&pages) < 0) || codes_new(&folders, &codes) < 0)
		return 0;
	base = base_of(LAYOUT_MINOR_FIRST + data[0] % 8);
	kept = malloc(base->python.image.count * sizeof(*kept));
	assert(kept);
	keep(&base->python.image, kept);
	source = image_source(&base->python.image);
	pages_set_source(pages, &source);
	stop(base, codes, ++number, &state);
	assert(number == 1 && state == 0);
	for (size_t at = 1; at + CHANGE <= size; at += CHANGE) {
		change(base, data + at);
		if ((at - 1) / CHANGE % STOP_EACH == 0 || at + 2 * CHANGE > size)
			stop(base, codes, ++number, &state);
	}
	describe(base);
	restore(&base->python.image, kept);
	free(kept);
	codes_drop(codes);
	return 0;
}
