/* SPDX-License-Identifier: Apache-2.0 */
/* test_codes.c: code objects are met again, exchanged behind our back, and too many. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/image_python.h"
#include "tests/support/suite.h"

static const char *const prefixes[] = { "/usr/lib/python3", "/venv/lib/python3" };
static const struct codes_folders folders = { prefixes, ARRAY_SIZE(prefixes) };

static struct image_python python;
static struct pages *pages;
static struct codes *codes;
static struct codes_place place;

static void begin(unsigned minor)
{
	struct pages_source source;

	image_python_new(&python, minor);
	ck_assert_int_eq(pages_new(&pages), 0);
	ck_assert_int_eq(codes_new(&folders, &codes), 0);
	source = image_source(&python.image);
	pages_set_source(pages, &source);
	place = (struct codes_place){ pages, &python.runtime.layout, IMAGE_CODE_TYPE, 1, 0 };
}

static void end(void)
{
	codes_drop(codes);
	pages_free(pages);
	image_python_free(&python);
}

/* At a new stop. */
static int find(uint64_t address, const struct code **ret_code)
{
	place.stop++;
	pages_begin(pages, 1, 0, PAGES_ROOM);
	return codes_find(codes, &place, address, ret_code);
}

static const struct code *found(uint64_t address)
{
	const struct code *code = NULL;

	ck_assert_int_eq(find(address, &code), 0);
	return code;
}

static int line_at(const struct code *code, unsigned instruction)
{
	size_t budget = CODES_TABLE_MAX;

	return codes_line(&python.runtime.layout, code, 2 * (int64_t)instruction, &budget);
}

START_TEST(what_it_holds)
{
	size_t budget = CODES_TABLE_MAX;
	const struct code *code;
	uint64_t at;

	begin((unsigned)_i);
	at = image_code(&python, "a.py", "f", 10);
	code = found(at);
	ck_assert_str_eq(code->file, "a.py");
	ck_assert_str_eq(code->function, "f");
	ck_assert_int_eq(code->first_line, 10);
	ck_assert(!code->is_library);
	ck_assert_uint_eq(code->bytecode, _i < 11 ? 0 : at + python.runtime.layout.code.bytecode);
	/* Twice round the memo, forwards and back. */
	for (unsigned i = 0; i < 20; i++)
		ck_assert_int_eq(line_at(code, i), 10 + (int)i);
	for (unsigned i = 20; i-- > 0;)
		ck_assert_int_eq(line_at(code, i), 10 + (int)i);
	ck_assert_int_eq(codes_line(&python.runtime.layout, code, -1, &budget), 10);
	ck_assert_int_eq(codes_line(&python.runtime.layout, code, INT64_MIN, &budget), 10);
	end();
}
END_TEST

/* Looked through again and again, one table uses up what a stack may look through. */
START_TEST(the_budget_ends)
{
	size_t budget = CODES_TABLE_MAX, before = budget;
	const struct code *code;
	int line = 1;

	begin(11);
	code = found(image_code(&python, "a.py", "f", 10));
	ck_assert_int_eq(codes_line(&python.runtime.layout, code, 0, &budget), 10);
	ck_assert_uint_lt(budget, before);
	before = budget;
	ck_assert_int_eq(codes_line(&python.runtime.layout, code, 0, &budget), 10);
	ck_assert_uint_eq(budget, before);
	for (int i = 1; i < 1000000 && line >= 0; i++)
		line = codes_line(&python.runtime.layout, code, 2 * (i % 20), &budget);
	ck_assert_int_eq(line, -EDQUOT);
	end();
}
END_TEST

/* The entry itself is the same one: names and table were not read again. */
START_TEST(met_again)
{
	const struct code *code, *other;
	uint64_t at, fetched;

	begin((unsigned)_i);
	at = image_code(&python, "a.py", "f", 10);
	code = found(at);
	fetched = python.image.fetched;
	for (int i = 0; i < 50; i++)
		ck_assert_ptr_eq(found(at), code);
	ck_assert_uint_le(python.image.fetched - fetched, 50 * 2);
	place.space = 2;
	other = found(at);
	ck_assert_ptr_ne(other, code);
	ck_assert_ptr_eq(other->file, code->file);
	place.space = 1;
	ck_assert_ptr_eq(found(at), code);
	end();
}
END_TEST

static struct image_code parts(const char *file, const char *function, const char *table,
			       int first_line, uint32_t version)
{
	return (struct image_code){
		image_ascii(&python, file), image_ascii(&python, function),
		image_bytes(&python, table, strlen(table)), first_line, version,
	};
}

struct change {
	const char *name;
	unsigned least_minor;    /* first version that has what is changed */
	unsigned most_minor;
	uint32_t version;        /* of both, unless it is what changes */
	enum { TABLE, TABLE_SIZE, NAME, FILE_NAME, FILE_OBJECT, FUNCTION_OBJECT, TABLE_OBJECT,
	       LINE, VERSION } what;
};

static const struct change changes[] = {
	{ "the table's bytes", 8, 11, 0, TABLE },
	{ "the table's size", 8, 11, 0, TABLE_SIZE },
	{ "the name in its place", 8, 11, 0, NAME },
	{ "the file's name in its place", 8, 11, 0, FILE_NAME },
	{ "another object for the file", 8, 15, 5, FILE_OBJECT },
	{ "another object for the name", 8, 15, 5, FUNCTION_OBJECT },
	{ "another table", 8, 15, 5, TABLE_OBJECT },
	{ "another first line", 8, 15, 5, LINE },
	{ "nothing but its number", 12, 15, 5, VERSION },
	{ "the table's bytes, without a number", 12, 15, 0, TABLE },
	{ "the name, without a number", 12, 15, 0, NAME },
};

/* Into the object that is there. */
static void put_text(uint64_t object, const char *text)
{
	image_put(&python.image, object + python.runtime.layout.str.ascii, text, strlen(text));
}

static void apply(const struct change *change, struct image_code *code)
{
	const struct layout *layout = &python.runtime.layout;

	switch (change->what) {
	case TABLE:
		image_put(&python.image, code->table + layout->bytes.data, "\x02\x09", 2);
		break;
	case TABLE_SIZE:
		image_word(&python.image, code->table + layout->bytes.size, 2);
		break;
	case NAME:
		put_text(code->function, "gg");
		break;
	case FILE_NAME:
		put_text(code->file, "b");
		break;
	case FILE_OBJECT:
		code->file = image_ascii(&python, "a.py");
		break;
	case FUNCTION_OBJECT:
		code->function = image_ascii(&python, "ff");
		break;
	case TABLE_OBJECT:
		code->table = image_bytes(&python, "\x02\x01\x02\x01", 4);
		break;
	case LINE:
		code->first_line++;
		break;
	case VERSION:
		code->version++;
		/* What only the number gives away. */
		put_text(code->function, "gg");
		image_put(&python.image, code->table + layout->bytes.data, "\x02\x09", 2);
		break;
	}
}

/* The address returned, the object did not: what is told must be of the new one. */
static void check_change(const struct change *change, unsigned minor)
{
	struct image_code code;
	const struct code *before, *after, *fresh;
	const char *file, *function;
	uint64_t at = IMAGE_HEAP + 0x800000;

	begin(minor);
	code = parts("a.py", "ff", "\x02\x01\x02\x01", 10, change->version);
	image_code_put(&python, at, &code);
	before = found(at);
	file = before->file;
	function = before->function;
	ck_assert_ptr_eq(found(at), before);
	apply(change, &code);
	image_code_put(&python, at, &code);
	after = found(at);
	place.space = 2;
	fresh = found(at);
	ck_assert_msg(!strcmp(after->file, fresh->file) &&
		      !strcmp(after->function, fresh->function) &&
		      after->first_line == fresh->first_line &&
		      line_at(after, 0) == line_at(fresh, 0) &&
		      line_at(after, 1) == line_at(fresh, 1), "3.%u: %s", minor, change->name);
	/* Handed out before: still there. */
	ck_assert_str_eq(file, "a.py");
	ck_assert_str_eq(function, "ff");
	end();
}

START_TEST(exchanged)
{
	static const unsigned minors[] = { 8, 10, 11, 12, 13, 15 };
	const struct change *change = &changes[_i];

	for (size_t i = 0; i < ARRAY_SIZE(minors); i++)
		if (minors[i] >= change->least_minor && minors[i] <= change->most_minor)
			check_change(change, minors[i]);
}
END_TEST

/* Within one stop its thread stands: it is asked once. */
START_TEST(not_compared_twice_in_one_stop)
{
	const struct code *code, *same;
	uint64_t at, fetched;

	begin(8);
	at = image_code(&python, "a.py", "f", 10);
	code = found(at);
	fetched = python.image.fetched;
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(codes_find(codes, &place, at, &same), 0);
		ck_assert_ptr_eq(same, code);
	}
	ck_assert_uint_eq(python.image.fetched, fetched);
	/* Not even when it is another one. */
	image_int(&python.image, at + python.runtime.layout.code.first_line, 20);
	pages_begin(pages, 1, 0, PAGES_ROOM);
	ck_assert_int_eq(codes_find(codes, &place, at, &same), 0);
	ck_assert_int_eq(same->first_line, 10);
	ck_assert_int_eq(found(at)->first_line, 20);
	end();
}
END_TEST

START_TEST(what_is_none)
{
	const struct code *code;
	struct image_code bad;
	uint64_t at;

	begin((unsigned)_i);
	ck_assert_int_eq(find(0, &code), -EFAULT);
	ck_assert_int_eq(find(UINT64_MAX - 4, &code), -EFAULT);
	at = image_code(&python, "a.py", "f", 1);
	image_word(&python.image, at + python.runtime.layout.type, IMAGE_CODE_TYPE + 8);
	ck_assert_int_eq(find(at, &code), -EINVAL);
	bad = parts("a.py", "f", "\x02\x01", 1, 7);
	image_word(&python.image, bad.table + python.runtime.layout.bytes.size,
		   CODES_TABLE_MAX + 1);
	image_code_put(&python, at, &bad);
	ck_assert_int_eq(find(at, &code), -EINVAL);
	image_word(&python.image, bad.table + python.runtime.layout.bytes.size, UINT64_MAX);
	ck_assert_int_eq(find(at, &code), -EINVAL);
	bad = parts("a.py", "f", "\x02\x01", 1, 7);
	image_int(&python.image, bad.file + python.runtime.layout.str.state, 0);
	image_code_put(&python, at, &bad);
	ck_assert_int_eq(find(at, &code), -EINVAL);
	bad.file = 0xdead00000000;
	image_code_put(&python, at, &bad);
	ck_assert_int_eq(find(at, &code), -EFAULT);
	/* And after all that, a good one. */
	ck_assert_str_eq(found(image_code(&python, "a.py", "good", 1))->function, "good");
	end();
}
END_TEST

static uint64_t put_large(unsigned size)
{
	static char *zeros;
	struct image_code code = parts("a.py", "f", "", 1, 0);
	uint64_t at = python.heap;

	if (!zeros)
		zeros = calloc(1, CODES_TABLE_MAX);
	python.heap += 512;
	code.table = image_bytes(&python, zeros, size);
	image_code_put(&python, at, &code);
	return at;
}

START_TEST(full)
{
	static uint64_t at[64];
	const struct code *first, *code;
	unsigned count = 0;
	int e = 0;

	begin(11);
	at[0] = put_large(400000);
	first = found(at[0]);
	while (e == 0 && count < 63) {
		ck_assert(!codes_is_full(codes));
		at[++count] = put_large(400000);
		e = find(at[count], &code);
	}
	ck_assert_int_eq(e, -ENOSPC);
	ck_assert(codes_is_full(codes));
	ck_assert_uint_eq(count, CODES_BYTES_MAX / 400000);
	/* What is in it stays, and is found. */
	ck_assert_ptr_eq(found(at[0]), first);
	ck_assert_str_eq(found(at[count - 1])->function, "f");
	end();
}
END_TEST

/* Names alone fill it as well. */
START_TEST(full_of_names)
{
	static char name[4001];
	const struct code *code;
	unsigned count = 0;
	int e = 0;

	begin(12);
	memset(name, 'x', sizeof(name) - 1);
	while (e == 0 && count < 10000) {
		/* Not all in memory at once. */
		python.heap = IMAGE_HEAP + 0x10000;
		sprintf(name + sizeof(name) - 8, "%07u", count++);
		e = find(image_code(&python, "a.py", name, 1), &code);
	}
	ck_assert_int_eq(e, -ENOSPC);
	ck_assert_uint_gt(count, CODES_BYTES_MAX / 4600);
	ck_assert_uint_le(count, CODES_BYTES_MAX / 4000 + 1);
	end();
}
END_TEST

/* Objects that come and go in one place, and those that cannot be read: room is given back. */
START_TEST(room_is_given_back)
{
	const struct code *code;
	uint64_t good, bad;

	begin(11);
	good = put_large(300000);
	bad = put_large(300000);
	image_drop(&python.image, python.heap - 100000);
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(find(bad, &code), -EFAULT);
		image_int(&python.image, good + python.runtime.layout.code.first_line,
			  (uint32_t)i + 1);
		ck_assert_int_eq(found(good)->first_line, i + 1);
	}
	ck_assert(!codes_is_full(codes));
	end();
}
END_TEST

START_TEST(whose_file)
{
	static const struct { const char *file; bool is_library; } files[] = {
		{ "a.py", false }, { "/home/ann/a.py", false }, { "", false },
		{ "/usr/lib/python3.11/json/__init__.py", true },
		{ "/usr/lib/python3/dist-packages/numpy/x.py", true },
		{ "/usr/lib/pythonic.py", false }, { "/venv/lib/python3.12/site-packages/p.py", true },
		{ "/venv/a.py", false }, { "usr/lib/python3.11/json.py", false },
		{ "<string>", false }, { "<stdin>", false }, { "<python-input-3>", false },
		{ "<ipython-input-3-abc>", false }, { "<doctest a[0]>", false },
		{ "<frozen importlib._bootstrap>", true }, { "<__array_function__ internals>", true },
		{ "<", true },
	};

	begin(13);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const struct code *code = found(image_code(&python, files[i].file, "f", 1));

		ck_assert_msg(code->is_library == files[i].is_library, "%s", files[i].file);
	}
	end();
}
END_TEST

START_TEST(shared)
{
	const struct code *code;
	const char *file;
	struct codes *share;

	begin(12);
	code = found(image_code(&python, "kept.py", "f", 1));
	file = code->file;
	share = codes_share(codes);
	codes_drop(codes);
	ck_assert_str_eq(file, "kept.py");
	codes = share;
	ck_assert_str_eq(found(image_code(&python, "more.py", "f", 1))->file, "more.py");
	codes_drop(NULL);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codes");
	TCase *tcase = tcase_create("cache");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_budget_ends);
	tcase_add_loop_test(tcase, what_it_holds, 8, 16);
	tcase_add_loop_test(tcase, met_again, 8, 16);
	tcase_add_loop_test(tcase, exchanged, 0, ARRAY_SIZE(changes));
	tcase_add_test(tcase, not_compared_twice_in_one_stop);
	tcase_add_loop_test(tcase, what_is_none, 8, 16);
	tcase_add_test(tcase, full);
	tcase_add_test(tcase, full_of_names);
	tcase_add_test(tcase, room_is_given_back);
	tcase_add_test(tcase, whose_file);
	tcase_add_test(tcase, shared);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
