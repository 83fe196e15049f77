/* SPDX-License-Identifier: Apache-2.0 */
/* sgr.c: see sgr.h. */
#include "tui/sgr.h"

#include "base/fail.h"

/* What follows 38 and 48: one of 256, or red, green and blue. */
#define INDEXED 5
#define DIRECT 2

/* xterm's, see its XTerm-col.ad. */
static const unsigned char colors[16][3] = {
	{ 0, 0, 0 }, { 205, 0, 0 }, { 0, 205, 0 }, { 205, 205, 0 },
	{ 0, 0, 238 }, { 205, 0, 205 }, { 0, 205, 205 }, { 229, 229, 229 },
	{ 127, 127, 127 }, { 255, 0, 0 }, { 0, 255, 0 }, { 255, 255, 0 },
	{ 92, 92, 255 }, { 255, 0, 255 }, { 0, 255, 255 }, { 255, 255, 255 },
};

static int square(int n)
{
	return n * n;
}

int sgr_nearest(int red, int green, int blue)
{
	int best = 0, least = square(1000);

	for (int i = 0; i < 16; i++) {
		int distance = square(red - colors[i][0]) + square(green - colors[i][1]) +
			       square(blue - colors[i][2]);

		if (distance < least) {
			least = distance;
			best = i;
		}
	}
	return best;
}

static int part_of_cube(int n)
{
	return n ? 55 + 40 * n : 0;
}

/* One of 256: the 16, a cube of 6 x 6 x 6, and 24 greys. */
static int nearest_of_indexed(int index)
{
	int grey = 8 + 10 * (index - 232);

	if (index < 16)
		return index;
	if (index >= 232)
		return sgr_nearest(grey, grey, grey);
	index -= 16;
	return sgr_nearest(part_of_cube(index / 36), part_of_cube(index / 6 % 6),
			   part_of_cube(index % 6));
}

static bool is_byte(int n)
{
	return n >= 0 && n <= 255;
}

/* A colour from what follows 38 or 48; -1: there is none. */
static int read_color(const int *params, size_t count)
{
	/* Colons may have a colour space in front of the three. */
	const int *rgb = params + (count >= 5 ? 2 : 1);

	if (count >= 2 && params[0] == INDEXED && is_byte(params[1]))
		return nearest_of_indexed(params[1]);
	if (count >= 4 && params[0] == DIRECT && is_byte(rgb[0]) && is_byte(rgb[1]) &&
	    is_byte(rgb[2]))
		return sgr_nearest(rgb[0], rgb[1], rgb[2]);
	return -1;
}

static int color_code(int what, int color)
{
	int base = what == 38 ? 30 : 40;

	return color < 8 ? base + color : base + 60 + color - 8;
}

static bool takes_color(int code)
{
	return code == 38 || code == 48 || code == 58;   /* 58: of the underline */
}

/* Codes that mean the same thing alone, whatever stands around them. */
static int simple(int code)
{
	static const signed char kept[] = { 0, 1, 4, 7, 22, 24, 27, 39, 49 };

	if (code == 21)   /* underlined twice */
		return 4;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (code == kept[i])
			return code;
	if ((code >= 30 && code <= 37) || (code >= 40 && code <= 47) ||
	    (code >= 90 && code <= 97) || (code >= 100 && code <= 107))
		return code;
	return -1;
}

/* Parameters behind a colour's code, when they are parted by semicolons. */
static size_t color_length(const int *params, size_t count)
{
	size_t length = count == 0 ? 0 : params[0] == INDEXED ? 2 : params[0] == DIRECT ? 4 : 1;

	return length < count ? length : count;
}

static int simplify_parts(const int *params, size_t count)
{
	if (params[0] == 4)
		return params[1] == 0 ? 24 : 4;
	if (takes_color(params[0])) {
		int color = read_color(params + 1, count - 1);

		return color < 0 || params[0] == 58 ? -1 : color_code(params[0], color);
	}
	return -1;
}

size_t sgr_simplify(const int *params, const bool *is_part, size_t count, int *out)
{
	size_t used = 0;

	for (size_t i = 0, next; i < count; i = next) {
		int code;

		for (next = i + 1; next < count && is_part[next]; next++)
			;
		if (next == i + 1 && takes_color(params[i]))
			next += color_length(params + next, count - next);
		if (next == i + 1)
			code = params[i] < 0 ? 0 : simple(params[i]);
		else
			code = simplify_parts(params + i, next - i);
		if (code >= 0)
			out[used++] = code;
	}
	return used;
}
