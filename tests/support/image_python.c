/* SPDX-License-Identifier: Apache-2.0 */
/* image_python.c: see image_python.h. */
#include "tests/support/image_python.h"

#include <stdlib.h>
#include <string.h>

#define COOKIE 8750607829840520312u
#define ALIGN 64

static const uint64_t words_13[] = {
	COOKIE, 51183856, 0, 283320, 608, 632, 194968, 7272, 7264, 7344, 7400, 7656, 7640, 7648,
	16, 7752, 0, 7768, 7760, 304, 0, 8, 16, 72, 152, 160, 232, 32, 80, 8, 0, 56, 72, 70,
	208, 112, 120, 128, 136, 68, 52, 96, 104, 200, 16, 8, 416, 24, 88, 168, 32, 24, 16, 40,
	24, 16, 48, 32, 40, 24, 16, 32, 16, 24, 40, 16, 32, 64, 32, 16, 40, 240, 200,
};

static const uint64_t words_14[] = {
	COOKIE, 51251952, 0, 316616, 784, 808, 225864, 7280, 7272, 7344, 7360, 7408, 7688, 7672,
	7680, 16, 7784, 0, 7800, 7792, 7992, 0, 832, 0, 8, 16, 72, 152, 160, 232, 32, 88, 8, 0,
	56, 80, 74, 64, 0, 216, 112, 120, 128, 136, 68, 52, 96, 104, 208, 0, 16, 8, 416, 24, 88,
	168, 40, 32, 16, 40, 24, 16, 200, 24, 40, 32, 48, 32, 40, 24, 16, 32, 16, 24, 40, 16,
	32, 64, 32, 16, 40, 264, 192, 160, 24, 72, 67, 0, 8, 24, 304, 8076, 0, 4, 512,
};

static const uint64_t words_15[] = {
	COOKIE, 51315440, 0, 346568, 912, 936, 226240, 7272, 7264, 7336, 7352, 7400, 7592, 7576,
	7584, 16, 7736, 0, 7752, 7744, 7944, 0, 888, 0, 8, 16, 72, 80, 88, 96, 176, 184, 256,
	32, 36, 40, 136, 288, 0, 88, 8, 0, 56, 80, 74, 64, 0, 216, 112, 120, 128, 136, 68, 52,
	96, 104, 208, 0, 16, 8, 424, 24, 88, 168, 32, 288, 944, 888, 40, 32, 16, 40, 24, 16,
	200, 24, 40, 32, 48, 32, 40, 24, 16, 32, 16, 24, 40, 16, 32, 64, 32, 16, 40, 56, 176,
	112, 120, 1120, 104, 160, 24, 72, 67, 0, 8, 24, 344, 8028, 0, 4, 512,
};

uint64_t image_words(unsigned minor, uint64_t *words)
{
	memset(words, 0, LAYOUT_WORDS_MAX * sizeof(*words));
	if (minor == 13)
		memcpy(words, words_13, sizeof(words_13));
	else if (minor == 14)
		memcpy(words, words_14, sizeof(words_14));
	else
		memcpy(words, words_15, sizeof(words_15));
	return words[1];
}

static uint64_t take(uint64_t *next, size_t size)
{
	uint64_t at = *next;

	*next += (size + ALIGN - 1) / ALIGN * ALIGN;
	return at;
}

uint64_t image_interpreter(struct image_python *python)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t made = take(&python->heap, 16384);

	image_word(&python->image, made + layout->interpreter.next, 0);
	image_word(&python->image, made + layout->interpreter.threads, 0);
	if (python->interpreter)
		image_word(&python->image, python->interpreter + layout->interpreter.next, made);
	python->interpreter = made;
	return made;
}

void image_python_new(struct image_python *python, unsigned minor)
{
	const struct layout *layout = layout_fixed(minor);
	uint64_t words[LAYOUT_WORDS_MAX], version;

	*python = (struct image_python){
		.runtime = { .address = IMAGE_RUNTIME, .code_type = IMAGE_CODE_TYPE },
		.heap = IMAGE_HEAP, .stack = IMAGE_STACK,
	};
	if (layout) {
		python->runtime.layout = *layout;
	} else {
		version = image_words(minor, words);
		if (layout_from_words(words, layout_words(minor), version,
				      &python->runtime.layout) < 0)
			abort();
		image_put(&python->image, IMAGE_RUNTIME, words, sizeof(words));
	}
	image_word(&python->image, IMAGE_RUNTIME + python->runtime.layout.runtime.interpreters,
		   image_interpreter(python));
}

void image_python_free(struct image_python *python)
{
	image_free(&python->image);
}

static void put_type(struct image_python *python, uint64_t object, uint64_t type)
{
	image_word(&python->image, object + python->runtime.layout.type, type);
}

static uint32_t state_of(const struct layout *layout, unsigned kind, bool is_ascii)
{
	unsigned shift = layout->is_free_threaded && layout->minor >= 14 ? 8 : 2;

	return kind << shift | 1u << (shift + 3) | (unsigned)is_ascii << (shift + 4);
}

uint64_t image_str(struct image_python *python, const void *characters, size_t count,
		   unsigned kind, bool is_ascii)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t at = take(&python->heap, 80 + (count + 1) * kind);

	image_word(&python->image, at + layout->str.length, count);
	image_int(&python->image, at + layout->str.state, state_of(layout, kind, is_ascii));
	image_put(&python->image, at + (is_ascii ? layout->str.ascii : layout->str.other),
		  characters, count * kind);
	return at;
}

uint64_t image_ascii(struct image_python *python, const char *text)
{
	return image_str(python, text, strlen(text), 1, true);
}

uint64_t image_bytes(struct image_python *python, const void *bytes, size_t size)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t at = take(&python->heap, 80 + size);

	image_word(&python->image, at + layout->bytes.size, size);
	image_put(&python->image, at + layout->bytes.data, bytes, size);
	return at;
}

void image_code_put(struct image_python *python, uint64_t address, const struct image_code *code)
{
	const struct layout *layout = &python->runtime.layout;
	struct image *image = &python->image;
	bool has_qualname = layout->code.qualname != LAYOUT_NONE;

	put_type(python, address, IMAGE_CODE_TYPE);
	image_word(image, address + layout->code.file, code->file);
	image_word(image, address + (has_qualname ? layout->code.qualname : layout->code.name),
		   code->function);
	image_word(image, address + layout->code.table, code->table);
	image_int(image, address + layout->code.first_line, (uint32_t)code->first_line);
	if (layout->code.version != LAYOUT_NONE)
		image_int(image, address + layout->code.version, code->version);
}

/* Instruction n on line first + n, for 64 of them. */
static uint64_t put_table(struct image_python *python)
{
	unsigned char table[3 * 64];
	size_t size = 0;

	for (unsigned i = 0; i < 64; i++) {
		switch (python->runtime.layout.lines) {
		case LINES_LNOTAB:
			table[size++] = i ? 2 : 0;
			table[size++] = i ? 1 : 0;
			break;
		case LINES_RANGES:
			table[size++] = 2;
			table[size++] = i ? 1 : 0;
			break;
		case LINES_LOCATIONS:
			table[size++] = (unsigned char)(0x80 | (i ? 11 : 10) << 3);
			table[size++] = 0;
			table[size++] = 0;
			break;
		}
	}
	return image_bytes(python, table, size);
}

uint64_t image_code(struct image_python *python, const char *file, const char *function,
		    int first_line)
{
	static uint32_t version = 1000;
	uint64_t at = take(&python->heap, 512);
	const struct image_code code = {
		.file = image_ascii(python, file), .function = image_ascii(python, function),
		.table = put_table(python), .first_line = first_line, .version = ++version,
	};

	image_code_put(python, at, &code);
	return at;
}

static uint64_t put_frame(struct image_python *python, uint64_t at, uint64_t code,
			  uint64_t previous)
{
	const struct layout *layout = &python->runtime.layout;

	image_put(&python->image, at, (const char[LAYOUT_FRAME_MAX]){ 0 }, layout->frame.size);
	image_word(&python->image, at + layout->frame.code, code);
	image_word(&python->image, at + layout->frame.previous, previous);
	return at;
}

uint64_t image_frame(struct image_python *python, uint64_t code, uint64_t previous, unsigned at)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t frame = put_frame(python, take(&python->heap, layout->frame.size), code, previous);

	if (layout->minor < 11)
		image_int(&python->image, frame + layout->frame.instruction,
			  layout->lines == LINES_RANGES ? at : 2 * at);
	else
		image_word(&python->image, frame + layout->frame.instruction,
			   code + layout->code.bytecode + 2 * (uint64_t)at);
	return frame;
}

uint64_t image_shim(struct image_python *python, uint64_t previous)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t at = put_frame(python, take(&python->stack, layout->frame.size), 0, previous);

	image_byte(&python->image, at + layout->frame.owner, 3);
	return at;
}

void image_set_entry(struct image_python *python, uint64_t frame)
{
	image_byte(&python->image, frame + python->runtime.layout.frame.is_entry, 1);
}

uint64_t image_cframe(struct image_python *python, uint64_t frame, uint64_t previous)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t at = take(&python->stack, 64);

	image_word(&python->image, at + layout->cframe.frame, frame);
	image_word(&python->image, at + layout->cframe.previous, previous);
	return at;
}

uint64_t image_thread(struct image_python *python, uint64_t id, uint64_t frame)
{
	const struct layout *layout = &python->runtime.layout;
	uint64_t list = python->interpreter + layout->interpreter.threads, head;
	uint64_t state = take(&python->heap, 1024);

	memcpy(&head, image_at(&python->image, list), sizeof(head));
	image_word(&python->image, state + layout->thread.next, head);
	image_word(&python->image, state + layout->thread.id, id);
	if (layout->thread.cframe == LAYOUT_NONE)
		image_word(&python->image, state + layout->thread.frame, frame);
	else
		image_word(&python->image, state + layout->thread.cframe,
			   image_cframe(python, frame, 0));
	image_word(&python->image, list, state);
	return state;
}
