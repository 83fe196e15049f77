/* SPDX-License-Identifier: Apache-2.0 */
/* test_num.c: numbers, sizes and times as people write them. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/num.h"
#include "tests/support/suite.h"

#define UNTOUCHED 0xdeadbeefu

struct row {
	const char *text;
	int error;              /* 0 or negative errno */
	uint64_t value;
};

static const struct row numbers[] = {
	{ "0", 0, 0 }, { "1234", 0, 1234 }, { "007", 0, 7 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 }, { "99999999999999999999999", -ERANGE, 0 },
	{ "99999999999999999999999x", -EINVAL, 0 },
	{ "", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { "+1", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 }, { "0x10", -EINVAL, 0 }, { "1.0", -EINVAL, 0 }, { "1e3", -EINVAL, 0 },
	{ "1\n", -EINVAL, 0 }, { "\xd9\xa1", -EINVAL, 0 }, { "1,000", -EINVAL, 0 },
};

static const struct row sizes[] = {
	{ "0", 0, 0 }, { "100", 0, 100 },
	{ "1K", 0, 1024 }, { "1KB", 0, 1024 }, { "1KiB", 0, 1024 },
	{ "64M", 0, 64ull << 20 }, { "64MB", 0, 64ull << 20 }, { "64MiB", 0, 64ull << 20 },
	{ "2G", 0, 2ull << 30 }, { "2GB", 0, 2ull << 30 }, { "2GiB", 0, 2ull << 30 },
	{ "3T", 0, 3ull << 40 }, { "3TB", 0, 3ull << 40 }, { "3TiB", 0, 3ull << 40 },
	{ "16777215T", 0, 16777215ull << 40 },
	{ "16777216T", -ERANGE, 0 }, { "18446744073709551616", -ERANGE, 0 },
	{ "18446744073709551615K", -ERANGE, 0 },
	{ "", -EINVAL, 0 }, { "M", -EINVAL, 0 }, { "1P", -EINVAL, 0 }, { "1 M", -EINVAL, 0 },
	{ "1B", -EINVAL, 0 }, { "1iB", -EINVAL, 0 }, { "1Mi", -EINVAL, 0 }, { "1MM", -EINVAL, 0 },
	{ "-1M", -EINVAL, 0 }, { "1.5G", -EINVAL, 0 }, { "1M ", -EINVAL, 0 }, { "1mb", -EINVAL, 0 },
};

static const struct row times[] = {
	{ "0", 0, 0 }, { "90", 0, 90000 }, { "1.5", 0, 1500 }, { "1.5s", 0, 1500 },
	{ "250ms", 0, 250 }, { "2m", 0, 120000 }, { "1h", 0, 3600000 }, { "1.5h", 0, 5400000 },
	{ "0.25m", 0, 15000 }, { "2s", 0, 2000 }, { "1.000", 0, 1000 }, { "0.0", 0, 0 },
	/* a tiny limit stays one */
	{ "0.0001", 0, 1 }, { "0.5ms", 0, 1 }, { "0.00000000000000000000001", 0, 1 },
	{ "1.0010000000000000000", 0, 1001 }, { "1.0010000000000000001", 0, 1002 },
	{ "0.9999999999999", 0, 1000 },
	{ "18446744073709551", 0, 18446744073709551000ull },
	{ "18446744073709551.615", 0, UINT64_MAX },
	{ "18446744073709551.616", -ERANGE, 0 },
	{ "18446744073709551615ms", 0, UINT64_MAX },
	{ "18446744073709551615", -ERANGE, 0 }, { "99999999999999999999ms", -ERANGE, 0 },
	{ "18446744073709551615.1ms", -ERANGE, 0 },
	{ "", -EINVAL, 0 }, { ".5", -EINVAL, 0 }, { "5.", -EINVAL, 0 }, { "5.s", -EINVAL, 0 },
	{ "s", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "1d", -EINVAL, 0 }, { "1 s", -EINVAL, 0 },
	{ "1.2.3", -EINVAL, 0 }, { "inf", -EINVAL, 0 }, { "nan", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
	{ "1,5", -EINVAL, 0 }, { "1M", -EINVAL, 0 },
};

static void check_row(const struct row *row, int got, uint64_t value)
{
	ck_assert_msg(got == row->error, "\"%s\" gives %d, not %d", row->text, got, row->error);
	ck_assert_msg(value == (row->error ? UNTOUCHED : row->value), "\"%s\" is %ju", row->text,
		      (uintmax_t)value);
}

START_TEST(parses_numbers)
{
	uint64_t value = UNTOUCHED;
	int got = num_parse(numbers[_i].text, UINT64_MAX, &value);

	check_row(&numbers[_i], got, value);
}
END_TEST

START_TEST(parses_sizes)
{
	uint64_t value = UNTOUCHED;
	int got = num_parse_size(sizes[_i].text, &value);

	check_row(&sizes[_i], got, value);
}
END_TEST

START_TEST(parses_times)
{
	uint64_t value = UNTOUCHED;
	int got = num_parse_time(times[_i].text, &value);

	check_row(&times[_i], got, value);
}
END_TEST

START_TEST(keeps_to_the_maximum)
{
	uint64_t value = UNTOUCHED;

	ck_assert_int_eq(num_parse("256", 255, &value), -ERANGE);
	ck_assert_uint_eq(value, UNTOUCHED);
	ck_assert_int_eq(num_parse("255", 255, &value), 0);
	ck_assert_uint_eq(value, 255);
	ck_assert_int_eq(num_parse("1", 0, &value), -ERANGE);
	ck_assert_int_eq(num_parse("0", 0, &value), 0);
	ck_assert_uint_eq(value, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("num");
	TCase *tcase = tcase_create("num");

	tcase_add_loop_test(tcase, parses_numbers, 0, ARRAY_SIZE(numbers));
	tcase_add_loop_test(tcase, parses_sizes, 0, ARRAY_SIZE(sizes));
	tcase_add_loop_test(tcase, parses_times, 0, ARRAY_SIZE(times));
	tcase_add_test(tcase, keeps_to_the_maximum);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
