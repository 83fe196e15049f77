/* SPDX-License-Identifier: Apache-2.0 */
/* test_merged.c: listings of a folder in a layer through which the real one shows. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tests/support/layered.h"
#include "tests/support/suite.h"
#include "tracer/layer/change.h"
#include "tracer/layer/changes.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/merged.h"
#include "tracer/layer/whole.h"

#define FILES 3000

static void set_up(void)
{
	layered_make("mkdir -p real/f/sub real/empty real/pair && cd real/f && seq -f n%.0f 3000 |"
		     " xargs touch && ln -s n1 link && mkfifo pipe &&"
		     " cd ../pair && touch 963970 2496764 412366 1216761 other");
	layered_open();
	ck_assert_int_eq(copy_folder(layered, "/f"), 0);
	ck_assert_int_eq(copy_folder(layered, "/pair"), 0);
}

struct reading {
	int64_t position;
	unsigned left, count, dots;
	unsigned types[256];             /* how many of each */
	unsigned seen[FILES + 1];        /* n1 ... */
};

static bool take(void *data, const struct dirent64 *entry)
{
	struct reading *reading = data;
	unsigned number;

	if (!reading->left)
		return false;
	reading->left--;
	ck_assert_int_gt(entry->d_off, reading->position);
	ck_assert_uint_eq(entry->d_reclen % 8, 0);
	ck_assert_uint_ge(entry->d_reclen,
			  offsetof(struct dirent64, d_name) + strlen(entry->d_name) + 1);
	reading->position = entry->d_off;
	reading->count++;
	reading->types[entry->d_type]++;
	reading->dots += entry->d_name[0] == '.';
	if (sscanf(entry->d_name, "n%u", &number) == 1)
		reading->seen[number]++;
	return true;
}

/* The next `count` names. */
static void go_on(const char *path, struct reading *reading, unsigned count)
{
	reading->left = count;
	ck_assert_int_eq(merged_read(layered, path, reading->position, take, reading), 0);
}

static void make(const char *path)
{
	cleanup_close int parent = layer_take_parent(layered, path);

	ck_assert_int_ge(parent, 0);
	ck_assert_int_eq(mknodat(parent, layer_name(path), S_IFREG | 0600, 0), 0);
	ck_assert_int_eq(layer_made(layered, path), 0);
}

static void remove_number(unsigned number)
{
	char path[32];

	snprintf(path, sizeof(path), "/f/n%u", number);
	ck_assert_int_eq(layer_remove(layered, path, false), 0);
}

START_TEST(all_names_come_once)
{
	struct reading reading = { .position = 0 };

	make("/f/own");
	ck_assert_int_eq(layer_rename(layered, "/f/n1", "/f/n2", 0), 0);
	while (reading.position < MERGED_END)
		go_on("/f", &reading, 1 + reading.count % 97);
	/* Two dots, sub, link, pipe, own. */
	ck_assert_uint_eq(reading.count, FILES - 1 + 6);
	ck_assert_uint_eq(reading.dots, 2);
	ck_assert_uint_eq(reading.types[DT_DIR], 3);
	ck_assert_uint_eq(reading.types[DT_LNK], 1);
	ck_assert_uint_eq(reading.types[DT_FIFO], 1);
	for (unsigned i = 2; i <= FILES; i++)
		ck_assert_uint_eq(reading.seen[i], 1);
	ck_assert_uint_eq(reading.seen[1], 0);
	go_on("/f", &reading, 10);
	ck_assert_uint_eq(reading.left, 10);
}
END_TEST

/* What is there all the time comes once; what is gone before its turn does not. */
START_TEST(names_may_go_meanwhile)
{
	struct reading reading = { .position = 0 };
	bool is_gone[FILES + 1] = { false };

	while (reading.position < MERGED_END) {
		go_on("/f", &reading, 100);
		for (unsigned i = 7; i <= FILES; i += 60) {
			if (is_gone[i])
				continue;
			remove_number(i);
			is_gone[i] = true;
			ck_assert_uint_le(reading.seen[i], 1);
			reading.seen[i] = 5;
			break;
		}
		make("/f/between");
		ck_assert_int_eq(layer_remove(layered, "/f/between", false), 0);
	}
	for (unsigned i = 1; i <= FILES; i++)
		ck_assert_uint_eq(reading.seen[i], is_gone[i] ? 5 : 1);
}
END_TEST

/* More of them at the same time than are kept. */
START_TEST(many_are_listed_at_once)
{
	struct reading reading = { .position = 0 };
	char path[32];

	for (unsigned i = 0; i < 2 * LISTED_MAX; i++) {
		snprintf(path, sizeof(path), "/d%u", i);
		ck_assert_int_eq(mkdirat(layered->real, path + 1, 0700), 0);
		snprintf(path, sizeof(path), "/d%u/x", i);
		make(path);
	}
	while (reading.position < MERGED_END) {
		go_on("/f", &reading, 500);
		for (unsigned i = 0; i < 2 * LISTED_MAX; i++) {
			struct reading other = { .position = 0 };

			snprintf(path, sizeof(path), "/d%u", i);
			go_on(path, &other, 2);
			ck_assert_uint_eq(other.count, 2);
		}
	}
	for (unsigned i = 1; i <= FILES; i++)
		ck_assert_uint_eq(reading.seen[i], 1);
}
END_TEST

/* Two pairs of names with the same hash: seen one by one, none is lost and none comes twice. */
START_TEST(names_with_one_hash)
{
	struct reading reading = { .position = 0 };

	make("/pair/own");
	while (reading.position < MERGED_END)
		go_on("/pair", &reading, 1);
	ck_assert_uint_eq(reading.count, 2 + 6);
}
END_TEST

START_TEST(who_is_empty)
{
	ck_assert_int_eq(layer_remove(layered, "/f", true), -ENOTEMPTY);
	ck_assert_int_eq(layer_rename(layered, "/empty", "/f", 0), -ENOTEMPTY);
	ck_assert_int_eq(layer_remove(layered, "/empty", true), 0);
	ck_assert_int_eq(layer_remove(layered, "/pair", true), -ENOTEMPTY);
	layered_run("rm real/pair/*");
	ck_assert_int_eq(layer_remove(layered, "/pair", true), 0);
}
END_TEST

/* Listing copies nothing, and an outsider's changes show. */
START_TEST(outsiders_show)
{
	struct reading first = { .position = 0 }, second = { .position = 0 };
	cleanup_found struct found found = FOUND_NONE;

	go_on("/pair", &first, 100);
	ck_assert_uint_eq(first.count, 7);
	ck_assert_int_lt(layer_open_at(layered->files, "/pair/other", O_PATH), 0);
	layered_run("touch real/pair/theirs && rm real/pair/other real/pair/412366");
	go_on("/pair", &second, 100);
	ck_assert_uint_eq(second.count, 6);
	ck_assert_int_eq(layer_find(layered, "/pair/theirs", &found), 0);
}
END_TEST

static int count(void *data, const struct change *change)
{
	(void)change;
	++*(int *)data;
	return 0;
}

START_TEST(an_outsiders_file_is_no_change)
{
	int n = 0;
	struct reading reading = { .position = 0 };

	go_on("/pair", &reading, 100);
	layered_run("touch real/pair/theirs");
	ck_assert_int_eq(layer_changes(layered, count, &n), 0);
	ck_assert_int_eq(n, 0);
}
END_TEST

/* A folder that is watched has stand-ins, and is the kernel's to list. */
START_TEST(a_whole_folder_does_not_merge)
{
	ck_assert(layer_merges(layered, "/pair"));
	ck_assert_int_eq(copy_whole(layered, "/pair"), 0);
	ck_assert(!layer_merges(layered, "/pair"));
	ck_assert_int_eq(layer_remove(layered, "/pair", true), -ENOTEMPTY);
	ck_assert(!layer_merges(layered, "/none"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("merged");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, set_up, layered_drop);
	tcase_add_test(tests, all_names_come_once);
	tcase_add_test(tests, names_may_go_meanwhile);
	tcase_add_test(tests, many_are_listed_at_once);
	tcase_add_test(tests, names_with_one_hash);
	tcase_add_test(tests, who_is_empty);
	tcase_add_test(tests, outsiders_show);
	tcase_add_test(tests, an_outsiders_file_is_no_change);
	tcase_add_test(tests, a_whole_folder_does_not_merge);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
