/* SPDX-License-Identifier: Apache-2.0 */
/* test_maps.c: lines as the kernel writes them, lines as it does not, and a process's own. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/maps.h"

#define USUAL \
	"00400000-0041f000 r--p 00000000 fd:01 1835       /usr/bin/python3.11\n" \
	"0041f000-006ff000 r-xp 0001f000 fd:01 1835       /usr/bin/python3.11\n" \
	"00a05000-00b47000 rw-p 00000000 00:00 0 \n" \
	"7f0000000000-7f0000001000 ---s 7fffffff000 103:02 18446744073709551615 /a b (deleted)\n" \
	"7f0000001000-7f0000002000 rwxp 00000000 00:00 0                  [stack]\n" \
	"7f0000003000-7f0000004000 rw-p 00000000 00:00 0\n" \
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]\n"

static int parse(const char *text, struct maps *maps)
{
	size_t length = strlen(text);
	char *copy = malloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '!';
	return maps_parse(copy, length, maps);
}

START_TEST(every_field)
{
	const struct map *map;
	struct maps maps;

	ck_assert_int_eq(parse(USUAL, &maps), 0);
	ck_assert_uint_eq(maps.count, 7);
	map = &maps.items[1];
	ck_assert(map->start == 0x41f000 && map->end == 0x6ff000 && map->offset == 0x1f000);
	ck_assert(map->device == makedev(0xfd, 1) && map->inode == 1835);
	ck_assert(map->prot == (PROT_READ | PROT_EXEC) && !map->is_shared);
	ck_assert_str_eq(map->path, "/usr/bin/python3.11");
	ck_assert_str_eq(maps.items[2].path, "");
	map = &maps.items[3];
	ck_assert(map->offset == 0x7fffffff000 && map->device == makedev(0x103, 2));
	ck_assert(map->inode == UINT64_MAX && map->prot == 0 && map->is_shared);
	ck_assert_str_eq(map->path, "/a b (deleted)");
	ck_assert_str_eq(maps.items[4].path, "[stack]");
	ck_assert_str_eq(maps.items[5].path, "");
	ck_assert_uint_eq(maps.items[6].start, 0xffffffffff600000);
	maps_free(&maps);
	ck_assert_uint_eq(maps.count, 0);
}
END_TEST

START_TEST(find)
{
	struct maps maps;

	ck_assert_int_eq(parse(USUAL, &maps), 0);
	for (size_t i = 0; i < maps.count; i++) {
		const struct map *map = &maps.items[i];

		ck_assert_ptr_eq(maps_find(&maps, map->start), map);
		ck_assert_ptr_eq(maps_find(&maps, map->end - 1), map);
	}
	ck_assert_ptr_null(maps_find(&maps, 0));
	ck_assert_ptr_null(maps_find(&maps, 0x3fffff));
	ck_assert_ptr_null(maps_find(&maps, 0x6ff000));
	ck_assert_ptr_null(maps_find(&maps, 0x7f0000002000));
	ck_assert_ptr_null(maps_find(&maps, UINT64_MAX));
	ck_assert_ptr_eq(maps_first_of(&maps, &maps.items[1]), &maps.items[0]);
	ck_assert_ptr_eq(maps_first_of(&maps, &maps.items[0]), &maps.items[0]);
	ck_assert_ptr_null(maps_first_of(&maps, &maps.items[3]));
	maps_free(&maps);
}
END_TEST

static const char *const malformed[] = {
	"\n", "x\n", "1-2\n", "00400000-0041f000 r--p 00000000 fd:01\n",
	"00400000-00400000 r--p 00000000 00:00 0\n", "00400000-0030000 r--p 00000000 00:00 0\n",
	"-0041f000 r--p 00000000 00:00 0\n", "00400000- r--p 00000000 00:00 0\n",
	"0400000-041f000 r-z- 00000000 00:00 0\n", "0400000-041f000 r--q 00000000 00:00 0\n",
	"0400000-041f000 r--p 0000000g 00:00 0\n", "0400000-041f000 r--p 00000000 00:00 0a\n",
	"0400000-041f000 r--p 00000000 0000 0\n", "10400000-12345678123456781 r--p 0 00:00 0\n",
	"0400000-041f000 r--p 00000000 00:00 18446744073709551616\n",
	"0400000-041f000 R--p 00000000 00:00 0\n", "0400000-041f000\tr--p 00000000 00:00 0\n",
	"0400000-041f000 r--p 00000000 00:00 \n", "0400000-041f000 r--p  0 00:00 0\n",
	"0400000-041f000 r-", "0400000-041f000 r--p", "0400000-041f000 r--p ", "0400000", "0-",
};

START_TEST(not_the_kernels)
{
	struct maps maps = { .count = 77 };

	ck_assert_int_eq(parse(malformed[_i], &maps), -EINVAL);
	ck_assert_uint_eq(maps.count, 77);
}
END_TEST

/* What every cut of a good text gives is either an error or sorted. */
START_TEST(cuts)
{
	for (size_t length = 0; length < strlen(USUAL); length++) {
		char *text = strndup(USUAL, length);
		struct maps maps;
		int e = maps_parse(text, length, &maps);

		ck_assert(e == 0 || e == -EINVAL);
		if (e == 0)
			maps_free(&maps);
	}
}
END_TEST

START_TEST(overlaps_are_cut)
{
	struct maps maps;

	ck_assert_int_eq(parse("1000-3000 r--p 00000000 00:01 5 /a\n"
			       "2000-4000 r--p 00007000 00:01 6 /b\n"
			       "1000-4000 r--p 00000000 00:01 7 /c\n"
			       "0-1000 r--p 00000000 00:01 7 /d\n"
			       "4000-5000 r--p 00000000 00:01 8 /e", &maps), 0);
	ck_assert_uint_eq(maps.count, 3);
	ck_assert(maps.items[1].start == 0x3000 && maps.items[1].offset == 0x8000);
	ck_assert_str_eq(maps.items[1].path, "/b");
	ck_assert_str_eq(maps.items[2].path, "/e");
	maps_free(&maps);
}
END_TEST

START_TEST(bounds)
{
	static const char line[] = "1000-2000 r--p 00000000 00:00 0\n";
	size_t size = sizeof(line) - 1, count = MAPS_MAX + 2;
	char *text = malloc(count * size + 1);
	struct maps maps;

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * size, line, size);
	ck_assert_int_eq(maps_parse(text, count * size, &maps), -E2BIG);
	text = calloc(1, MAPS_TEXT_MAX + 2);
	memset(text, 'x', MAPS_TEXT_MAX + 1);
	ck_assert_int_eq(maps_parse(text, MAPS_TEXT_MAX + 1, &maps), -E2BIG);
	text = malloc(1);
	ck_assert_int_eq(maps_parse(text, 0, &maps), 0);
	ck_assert_uint_eq(maps.count, 0);
	ck_assert_ptr_null(maps_find(&maps, 0x1000));
	maps_free(&maps);
}
END_TEST

/* ---- live ---- */

START_TEST(ones_own)
{
	static int data;
	const struct map *code, *mine;
	struct maps maps;

	ck_assert_int_eq(maps_read(getpid(), &maps), 0);
	code = maps_find(&maps, (uint64_t)(uintptr_t)maps_read);
	ck_assert_ptr_nonnull(code);
	ck_assert(code->prot & PROT_EXEC);
	ck_assert_ptr_nonnull(strstr(code->path, "test_maps"));
	ck_assert_uint_eq(maps_first_of(&maps, code)->offset, 0);
	mine = maps_find(&maps, (uint64_t)(uintptr_t)&data);
	ck_assert(mine && (mine->prot & PROT_WRITE));
	mine = maps_find(&maps, (uint64_t)(uintptr_t)&maps);
	ck_assert_str_eq(mine->path, "[stack]");
	maps_free(&maps);
	ck_assert_int_eq(maps_read(0x7ffffff0, &maps), -ESRCH);
}
END_TEST

/* A name with a newline, of a file that is then gone. */
START_TEST(hostile_names)
{
	char path[] = "/tmp/pyjail-maps\n7-XXXXXX", shown[64];
	int fd = mkstemp(path);
	const struct map *map;
	struct stat stat;
	struct maps maps;
	void *at;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	ck_assert_ptr_ne(at, MAP_FAILED);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(fstat(fd, &stat), 0);
	ck_assert_int_eq(maps_read(getpid(), &maps), 0);
	map = maps_find(&maps, (uint64_t)(uintptr_t)at);
	ck_assert_ptr_nonnull(map);
	snprintf(shown, sizeof(shown), "/tmp/pyjail-maps\\0127-%s (deleted)", path + 19);
	ck_assert_str_eq(map->path, shown);
	ck_assert_uint_eq(map->inode, stat.st_ino);
	maps_free(&maps);
	munmap(at, 4096);
	close(fd);
}
END_TEST

/* More text than the first buffer holds. */
START_TEST(many)
{
	enum { COUNT = 3000 };
	char *at = mmap(NULL, 2 * COUNT * 4096ul, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct maps maps;

	ck_assert_ptr_ne(at, MAP_FAILED);
	for (size_t i = 0; i < COUNT; i++)
		ck_assert_int_eq(mprotect(at + 2 * i * 4096, 4096, PROT_READ), 0);
	ck_assert_int_eq(maps_read(getpid(), &maps), 0);
	ck_assert_uint_ge(maps.count, 2 * COUNT - 1);
	for (size_t i = 0; i < COUNT; i++) {
		const struct map *map = maps_find(&maps, (uint64_t)(uintptr_t)(at + 2 * i * 4096));

		ck_assert(map && map->prot == PROT_READ && map->end - map->start == 4096);
	}
	maps_free(&maps);
	munmap(at, 2 * COUNT * 4096ul);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("maps");
	TCase *tcase = tcase_create("maps");

	tcase_add_test(tcase, every_field);
	tcase_add_test(tcase, find);
	tcase_add_loop_test(tcase, not_the_kernels, 0, (int)ARRAY_SIZE(malformed));
	tcase_add_test(tcase, cuts);
	tcase_add_test(tcase, overlaps_are_cut);
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, ones_own);
	tcase_add_test(tcase, hostile_names);
	tcase_add_test(tcase, many);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
