/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_elf.c: real files against what the dynamic linker says of them; what must not be opened;
 * every byte of the headers and tables corrupted.
 */
#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/elf.h"
#include "tracer/pages.h"

static struct maps maps;
static struct pages *pages;

static void setup(void)
{
	ck_assert_int_eq(maps_read(getpid(), &maps), 0);
	ck_assert_int_eq(pages_new(&pages), 0);
	pages_begin(pages, getpid(), 0, PAGES_ROOM);
}

static void teardown(void)
{
	pages_free(pages);
	maps_free(&maps);
}

/* The mapping of the start of the file that holds `code`. */
static const struct map *first_of(const void *code)
{
	const struct map *map = maps_find(&maps, (uint64_t)(uintptr_t)code);

	ck_assert_ptr_nonnull(map);
	map = maps_first_of(&maps, map);
	ck_assert_ptr_nonnull(map);
	return map;
}

/* libc's own, not what a sanitizer put in its place. */
static uint64_t address_of(const char *name)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	void *at = dlsym(libc, name);

	ck_assert_ptr_nonnull(libc);
	ck_assert_ptr_nonnull(at);
	dlclose(libc);
	return (uint64_t)(uintptr_t)at;
}

/* ---- symbols ---- */

static const char *const names[] = { "environ", "puts", "strtol", "stdout", "qsort", "fopen64" };

static void check_symbols(struct elf *elf, uint64_t bias)
{
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		ck_assert_int_eq(elf_symbol(elf, names[i], &value), 0);
		/* The program may have its own copy of a variable. */
		if (maps_find(&maps, address_of(names[i])) == maps_find(&maps, bias + value))
			ck_assert_uint_eq(bias + value, address_of(names[i]));
	}
	value = 5;
	ck_assert_int_eq(elf_symbol(elf, "pyjail_has_no_such_symbol", &value), -ENOENT);
	ck_assert_int_eq(elf_symbol(elf, "put", &value), -ENOENT);
	ck_assert_int_eq(elf_symbol(elf, "", &value), -ENOENT);
	ck_assert_int_eq(elf_symbol(elf, "errno", &value), -ENOENT);
	ck_assert_uint_eq(value, 5);
}

START_TEST(libc_in_the_file_and_in_memory)
{
	const struct map *first = first_of((void *)(uintptr_t)address_of("qsort"));
	uint8_t id[ELF_BUILD_ID_MAX], other_id[ELF_BUILD_ID_MAX], bytes[64], other[64];
	size_t size = 0, other_size = 0;
	struct elf file, memory;

	ck_assert_int_eq(elf_open(getpid(), first, NULL, &file), 0);
	ck_assert_int_eq(elf_open_memory(pages, first->start, &memory), 0);
	ck_assert_uint_eq(elf_bias(&file, first), first->start);
	ck_assert_uint_eq(elf_bias(&memory, first), first->start);
	check_symbols(&file, first->start);
	check_symbols(&memory, first->start);
	ck_assert_int_eq(elf_build_id(&file, id, &size), 0);
	ck_assert_int_eq(elf_build_id(&memory, other_id, &other_size), 0);
	ck_assert(size == other_size && size >= 16 && memcmp(id, other_id, size) == 0);
	ck_assert_uint_ne(file.eh_frame_hdr, 0);
	ck_assert_uint_eq(file.eh_frame_hdr, memory.eh_frame_hdr);
	ck_assert_int_eq(elf_read(&file, file.eh_frame_hdr, bytes, sizeof(bytes)), 0);
	ck_assert_int_eq(elf_read(&memory, file.eh_frame_hdr, other, sizeof(other)), 0);
	ck_assert_int_eq(memcmp(bytes, other, sizeof(bytes)), 0);
	ck_assert(elf_is_read_only(&file, file.eh_frame_hdr, 12));
	ck_assert(!elf_is_read_only(&file, file.dynamic, 16));
	elf_close(&file);
	elf_close(&memory);
	elf_close(&memory);
}
END_TEST

START_TEST(sections)
{
	const struct map *first = first_of((void *)(uintptr_t)address_of("qsort"));
	uint64_t address, size;
	struct elf elf;

	ck_assert_int_eq(elf_open(getpid(), first, NULL, &elf), 0);
	ck_assert_int_eq(elf_section(&elf, ".eh_frame_hdr", &address, &size), 0);
	ck_assert(address == elf.eh_frame_hdr && size == elf.eh_frame_hdr_size);
	ck_assert_int_eq(elf_section(&elf, ".dynamic", &address, &size), 0);
	ck_assert_uint_eq(address, elf.dynamic);
	ck_assert_int_eq(elf_section(&elf, ".dynami", &address, &size), -ENOENT);
	ck_assert_int_eq(elf_section(&elf, "", &address, &size), -ENOENT);
	ck_assert_int_eq(elf_section(&elf, ".shstrtab", &address, &size), -ENOENT);
	elf_close(&elf);
}
END_TEST

static const char *const functions[] = { "qsort", "puts", "getenv", "fopen", "malloc" };

static void check_names(struct elf *elf, uint64_t bias)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		uint64_t at = address_of(functions[i]) - bias, value = 0;
		char name[ELF_NAME_MAX];

		for (uint64_t k = 0; k < 8; k++) {
			ck_assert_int_eq(elf_symbol_at(elf, at + k, name, &value), 0);
			ck_assert_str_eq(name, functions[i]);
			ck_assert_uint_eq(value, at);
		}
	}
}

START_TEST(names_of_addresses)
{
	const struct map *first = first_of((void *)(uintptr_t)address_of("qsort"));
	char name[ELF_NAME_MAX] = "as it was";
	struct elf elf, memory;
	uint64_t value;

	ck_assert_int_eq(elf_open(getpid(), first, NULL, &elf), 0);
	ck_assert_uint_eq(elf_symbols_held(&elf), 0);
	ck_assert_int_eq(elf_symbol_at(&elf, 0, name, &value), -ENOENT);
	ck_assert_int_eq(elf_symbol_at(&elf, UINT64_MAX, name, &value), -ENOENT);
	ck_assert_int_eq(elf_symbol_at(&elf, elf.dynamic, name, &value), -ENOENT);
	ck_assert_str_eq(name, "as it was");
	ck_assert_uint_gt(elf_symbols_held(&elf), 1000);
	check_names(&elf, first->start);
	ck_assert_int_eq(elf_open_memory(pages, first->start, &memory), 0);
	check_names(&memory, first->start);
	elf_close(&elf);
	elf_close(&memory);
}
END_TEST

START_TEST(few_names_are_allowed)
{
	const struct map *first = first_of((void *)(uintptr_t)address_of("qsort"));
	char name[ELF_NAME_MAX];
	struct elf elf;
	uint64_t value;

	ck_assert_int_eq(elf_open(getpid(), first, NULL, &elf), 0);
	elf.symbols_max = 10;
	ck_assert_int_eq(elf_symbol_at(&elf, 0, name, &value), -ENOENT);
	ck_assert_uint_eq(elf_symbols_held(&elf), 10);
	elf_close(&elf);
}
END_TEST

START_TEST(the_vdso_is_an_image_too)
{
	const struct map *map = NULL;
	uint64_t value, at;
	char name[ELF_NAME_MAX];
	struct elf elf;

	for (size_t i = 0; i < maps.count; i++) {
		if (strcmp(maps.items[i].path, "[vdso]") == 0)
			map = &maps.items[i];
	}
	if (!map) {
		fprintf(stderr, "skip: no vdso here\n");
		return;
	}
	ck_assert_int_eq(elf_open(getpid(), map, pages, &elf), -ENOENT);
	ck_assert_int_eq(elf_open_memory(pages, map->start, &elf), 0);
	ck_assert_int_eq(elf_symbol(&elf, "__vdso_clock_gettime", &value), 0);
	ck_assert_int_eq(elf_symbol_at(&elf, value + 1, name, &at), 0);
	ck_assert_str_eq(name, "clock_gettime");
	ck_assert_uint_eq(at, value);
	elf_close(&elf);
}
END_TEST

/* ---- what is mapped, and what is opened ---- */

static char folder[] = "/tmp/pyjail-elf-XXXXXX";
static char path[PATH_MAX];
static void *mapped;

static void copy_libc(const char *to)
{
	const struct map *first = first_of((void *)(uintptr_t)address_of("qsort"));
	char command[2 * PATH_MAX];

	snprintf(command, sizeof(command), "cp '%s' '%s'", first->path, to);
	/* NOLINTNEXTLINE(cert-env33-c): plain names of our own */
	ck_assert_int_eq(system(command), 0);
}

/* A copy of libc at folder/`name`, mapped; its line of maps. */
static struct map map_copy(const char *name)
{
	const struct map *map;
	int fd;

	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	copy_libc(path);
	fd = open(path, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	mapped = mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE, fd, 0);
	ck_assert_ptr_ne(mapped, MAP_FAILED);
	close(fd);
	maps_free(&maps);
	ck_assert_int_eq(maps_read(getpid(), &maps), 0);
	map = maps_find(&maps, (uint64_t)(uintptr_t)mapped);
	ck_assert_ptr_nonnull(map);
	return *map;
}

static void unmap_copy(void)
{
	munmap(mapped, 1 << 20);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(names_with_odd_characters)
{
	static const char *const odd[] = { "plain", "new\nline", "back\\012slash", "x (deleted)",
					   "sp ace", "\xff\x1b", "both\n\\012" };
	struct map map = map_copy(odd[_i]);
	struct elf elf;
	int e = elf_open(getpid(), &map, NULL, &elf);

	/* Where both readings occur in one name, neither is it: refused, not guessed. */
	ck_assert_int_eq(e, _i == 6 ? -ENOENT : 0);
	if (e == 0)
		elf_close(&elf);
	unmap_copy();
}
END_TEST

START_TEST(another_file_in_its_place)
{
	struct map map = map_copy("f");
	char other[PATH_MAX + 8];
	struct elf elf;

	snprintf(other, sizeof(other), "%s.new", path);
	copy_libc(other);
	ck_assert_int_eq(rename(other, path), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, NULL, &elf), -ESTALE);
	/* The same build: what an overlay file system looks like. */
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), 0);
	elf_close(&elf);
	map.offset = 4096;
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ESTALE);
	map.offset = 0;
	ck_assert_int_eq(mprotect(mapped, 4096, PROT_READ | PROT_WRITE), 0);
	memset((char *)mapped + 0x200, 0, 0x800);
	pages_begin(pages, getpid(), 0, PAGES_ROOM);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ESTALE);
	unmap_copy();
}
END_TEST

START_TEST(what_is_no_regular_file)
{
	struct map map = map_copy("f");
	struct elf elf;

	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ENOENT);
	ck_assert_int_eq(elf_open_memory(pages, map.start, &elf), 0);
	elf_close(&elf);
	ck_assert_int_eq(mkfifo(path, 0666), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -EACCES);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkdir(path, 0777), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -EACCES);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(symlink("/dev/zero", path), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -EACCES);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/proc/self/exe", path), 0);
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ELOOP);
	map.path = "";
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ENOENT);
	map.path = "../x";
	ck_assert_int_eq(elf_open(getpid(), &map, pages, &elf), -ENOENT);
	unmap_copy();
}
END_TEST

/* ---- corrupted ---- */

struct bytes {
	uint8_t *data;
	size_t size;
};

static int read_bytes(const struct elf_source *source, pid_t tid, uint64_t offset, void *buffer,
		      size_t size)
{
	const struct bytes *bytes = source->data;

	(void)tid;
	if (offset > bytes->size || size > bytes->size - offset)
		return -EFAULT;
	memcpy(buffer, bytes->data + offset, size);
	return 0;
}

/* Everything that may be asked, of whatever it is. */
static void ask_all(struct bytes *bytes, bool is_memory)
{
	struct elf_source source = { .read = read_bytes, .data = bytes, .size = bytes->size,
				     .is_memory = is_memory, .base = 0x400000 };
	struct map first = { .start = 0x400000 };
	uint8_t id[ELF_BUILD_ID_MAX];
	char name[ELF_NAME_MAX];
	uint64_t value, size;
	size_t id_size;
	struct elf elf;

	if (elf_open_source(&source, 0, &elf) < 0)
		return;
	elf.symbols_max = 300;
	elf_symbol(&elf, "main", &value);
	elf_section(&elf, ".text", &value, &size);
	elf_build_id(&elf, id, &id_size);
	elf_symbol_at(&elf, 0x1100, name, &value);
	ck_assert_uint_le(elf_symbols_held(&elf), 300);
	elf_bias(&elf, &first);
	elf_close(&elf);
}

static struct bytes read_program(void)
{
	struct bytes bytes = { malloc(1 << 20), 0 };
	FILE *file = fopen("/bin/true", "re");

	ck_assert_ptr_nonnull(file);
	bytes.size = fread(bytes.data, 1, 1 << 20, file);
	ck_assert_uint_gt(bytes.size, 4096);
	fclose(file);
	return bytes;
}

/* Headers, notes, hash table, symbols and strings lie in the first pages of a small program. */
START_TEST(every_byte_changed)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct bytes bytes = read_program();

	for (size_t i = 0; i < 0x1000; i++) {
		uint8_t was = bytes.data[i];

		bytes.data[i] = values[(i + (size_t)_i) % ARRAY_SIZE(values)];
		ask_all(&bytes, false);
		ask_all(&bytes, true);
		bytes.data[i] = was;
	}
	free(bytes.data);
}
END_TEST

START_TEST(every_length)
{
	struct bytes bytes = read_program(), cut = { .size = 0 };

	for (size_t size = 0; size < bytes.size; size += size < 0x800 ? 1 : 97) {
		cut.data = malloc(size);
		cut.size = size;
		memcpy(cut.data, bytes.data, size);
		ask_all(&cut, false);
		ask_all(&cut, true);
		free(cut.data);
	}
	free(bytes.data);
}
END_TEST

START_TEST(random_bytes_changed)
{
	struct bytes bytes = read_program();
	uint8_t *whole = malloc(bytes.size);
	unsigned seed = (unsigned)_i;

	memcpy(whole, bytes.data, bytes.size);
	for (int round = 0; round < 300; round++) {
		for (int k = 0; k < 20; k++)
			bytes.data[(size_t)rand_r(&seed) % 0x2000] = (uint8_t)rand_r(&seed);
		memcpy(bytes.data, whole, round % 2 ? 0x40 : 0x400);
		ask_all(&bytes, false);
		ask_all(&bytes, true);
		memcpy(bytes.data, whole, bytes.size);
	}
	free(whole);
	free(bytes.data);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("elf");
	TCase *tcase = tcase_create("elf");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, libc_in_the_file_and_in_memory);
	tcase_add_test(tcase, sections);
	tcase_add_test(tcase, names_of_addresses);
	tcase_add_test(tcase, few_names_are_allowed);
	tcase_add_test(tcase, the_vdso_is_an_image_too);
	tcase_add_loop_test(tcase, names_with_odd_characters, 0, 7);
	tcase_add_test(tcase, another_file_in_its_place);
	tcase_add_test(tcase, what_is_no_regular_file);
	tcase_add_loop_test(tcase, every_byte_changed, 0, 5);
	tcase_add_test(tcase, every_length);
	tcase_add_loop_test(tcase, random_bytes_changed, 0, 5);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
