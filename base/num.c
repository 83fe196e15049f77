/* SPDX-License-Identifier: Apache-2.0 */
/* num.c: see num.h. */
#include "base/num.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Digits of a fraction that count; what lies below only rounds up. */
#define FRACTION_DIGITS 9
#define FRACTION_ONE 1000000000u

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "K", 1ull << 10 }, { "KB", 1ull << 10 }, { "KiB", 1ull << 10 },
	{ "M", 1ull << 20 }, { "MB", 1ull << 20 }, { "MiB", 1ull << 20 },
	{ "G", 1ull << 30 }, { "GB", 1ull << 30 }, { "GiB", 1ull << 30 },
	{ "T", 1ull << 40 }, { "TB", 1ull << 40 }, { "TiB", 1ull << 40 },
	{ NULL, 0 }
};

static const struct unit times[] = {
	{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
	{ NULL, 0 }
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits, saturating: garbage behind an overflow is still garbage, so the caller goes on. */
static const char *read_digits(const char *text, uint64_t *ret_value, bool *ret_is_over)
{
	uint64_t value = 0;
	bool is_over = false;

	for (; is_digit(*text); text++) {
		if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			is_over = true;
	}
	*ret_value = value;
	*ret_is_over = is_over;
	return text;
}

/*
 * Digits behind the point, in billionths, rounded up: a limit that somebody wrote as tiny must
 * not become 0, which means no limit.
 */
static const char *read_fraction(const char *text, uint64_t *ret_billionths)
{
	uint64_t value = 0;
	int digits = 0;
	bool has_more = false;

	for (; is_digit(*text); text++) {
		if (digits < FRACTION_DIGITS) {
			value = value * 10 + (uint64_t)(*text - '0');
			digits++;
		} else if (*text != '0') {
			has_more = true;
		}
	}
	for (; digits < FRACTION_DIGITS; digits++)
		value *= 10;
	*ret_billionths = value + has_more;
	return text;
}

static const struct unit *find_unit(const struct unit *units, const char *name)
{
	for (; units->name; units++) {
		if (strcmp(units->name, name) == 0)
			return units;
	}
	return NULL;
}

int num_parse(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value;
	bool is_over;
	const char *end = read_digits(text, &value, &is_over);

	if (end == text || *end != '\0')
		return -EINVAL;
	if (is_over || value > max)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int num_parse_size(const char *text, uint64_t *ret_bytes)
{
	uint64_t value;
	bool is_over;
	const char *end = read_digits(text, &value, &is_over);
	const struct unit *unit = find_unit(sizes, end);

	if (end == text || !unit)
		return -EINVAL;
	if (is_over || __builtin_mul_overflow(value, unit->factor, &value))
		return -ERANGE;
	*ret_bytes = value;
	return 0;
}

int num_parse_time(const char *text, uint64_t *ret_ms)
{
	uint64_t value, billionths = 0;
	bool is_over;
	const char *end = read_digits(text, &value, &is_over);
	const struct unit *unit;

	if (end == text)
		return -EINVAL;
	if (*end == '.') {
		if (!is_digit(end[1]))
			return -EINVAL;
		end = read_fraction(end + 1, &billionths);
	}
	unit = find_unit(times, end);
	if (!unit)
		return -EINVAL;
	/* At most 1e9 * 3.6e6: no overflow. */
	billionths = (billionths * unit->factor + FRACTION_ONE - 1) / FRACTION_ONE;
	if (is_over || __builtin_mul_overflow(value, unit->factor, &value) ||
	    __builtin_add_overflow(value, billionths, &value))
		return -ERANGE;
	*ret_ms = value;
	return 0;
}
