/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_text.c: whatever goes in, what comes out is plain, and says what went in.
 *
 *     clang -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz_text.c base/text.c
 *
 * The first byte chooses the size of the buffer, the rest is shown.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int claim, const char *what)
{
	if (!claim) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

static void require_plain(const char *shown, size_t length)
{
	require(strlen(shown) == length, "length is without NUL bytes");
	while (length > 0) {
		unsigned point;
		size_t step = text_character(shown, length, &point);

		require(step > 0 && text_is_plain(point), "all is plain");
		shown += step;
		length -= step;
	}
}

static size_t encode(unsigned point, char *out)
{
	int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	out[0] = (char)(lead[more] | point >> (6 * more));
	for (int i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (point >> (6 * (more - i)) & 0x3f));
	return (size_t)more + 1;
}

/* Reads one escape back; returns what follows it. */
static const char *read_escape(const char *at, char *out, size_t *used)
{
	char *end = NULL;

	switch (at[1]) {
	case 'x':
		out[(*used)++] = (char)strtoul((char[]){ at[2], at[3], '\0' }, NULL, 16);
		return at + 4;
	case 'u':
		*used += encode((unsigned)strtoul(at + 3, &end, 16), out + *used);
		require(*end == '}', "\\u{} is closed");
		return end + 1;
	default:
		out[(*used)++] = at[1] == 'n' ? '\n' : at[1] == 't' ? '\t'
				 : at[1] == 'r' ? '\r' : '\\';
		require(strchr("ntr\\", at[1]) != NULL, "an escape is a known one");
		return at + 2;
	}
}

static void require_reads_back(const char *shown, const char *bytes, size_t length)
{
	char *out = malloc(length + 8);
	size_t used = 0;

	require(out != NULL, "memory");
	while (*shown) {
		require(used <= length, "no more than went in");
		if (*shown == '\\')
			shown = read_escape(shown, out, &used);
		else
			out[used++] = *shown++;
	}
	require(used == length && memcmp(out, bytes, length) == 0, "reads back");
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t whole_size = 9 * size + 1, length, cut_size, cut_length;
	const char *bytes = (const char *)data + 1;
	char *whole, *cut;

	if (size == 0)
		return 0;
	cut_size = data[0];
	size--;
	whole = malloc(whole_size);
	cut = malloc(cut_size + 1);
	require(whole && cut, "memory");
	length = text_show(whole, whole_size, bytes, size);
	require_plain(whole, length);
	require_reads_back(whole, bytes, size);
	cut_length = text_show(cut, cut_size, bytes, size);
	if (cut_size > 0) {
		require(cut_length < cut_size, "fits");
		require_plain(cut, cut_length);
		if (length < cut_size)
			require(strcmp(cut, whole) == 0, "not cut without need");
		else if (cut_size > 3)
			require(memcmp(cut + cut_length - 3, "...", 3) == 0 &&
				memcmp(cut, whole, cut_length - 3) == 0, "a cut one begins alike");
	}
	free(whole);
	free(cut);
	return 0;
}
