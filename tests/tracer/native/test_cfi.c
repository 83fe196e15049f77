/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_cfi.c: what compilers and libc's authors wrote passes, all of it; what libunwind could not
 * bear does not.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/elf.h"
#include "tracer/native/cfi.h"

/* ---- made by hand ---- */

#define BYTES(...) { __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

/* As gcc's: "zR", alignments 1 and -8, column 16, pcrel sdata4, CFA = rsp + 8, ret at CFA - 8. */
static const uint8_t usual_cie[] = { 20, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b,
				     0x0c, 7, 8, 0x90, 1, 0, 0 };

#define FDE_AT 0x1000
#define START (FDE_AT + 8 + 0x2000)      /* the code: 0x100 bytes */

struct fde {
	uint8_t bytes[256];
	size_t size;
};

static struct fde fde_of(const uint8_t *program, size_t size)
{
	static const uint8_t head[] = { 0, 0, 0, 0, 28, 0, 0, 0, 0, 0x20, 0, 0, 0, 1, 0, 0, 0 };
	struct fde fde = { .size = sizeof(head) + size };

	memcpy(fde.bytes, head, sizeof(head));
	memcpy(fde.bytes + sizeof(head), program, size);
	fde.bytes[0] = (uint8_t)(fde.size - 4);
	return fde;
}

static int check(const uint8_t *cie, size_t cie_size, const uint8_t *program, size_t size,
		 uint64_t ip, struct cfi_facts *facts)
{
	struct fde fde = fde_of(program, size);
	struct cfi cfi = { cie, fde.bytes, cie_size, fde.size };

	return cfi_check(&cfi, FDE_AT, ip, facts);
}

static const struct {
	const char *what;
	uint8_t bytes[24];
	size_t size;
} refused[] = {
	{ "register 17", BYTES(0x91, 1) },
	{ "register 63 restored", BYTES(0xff) },
	{ "extended register 17", BYTES(0x05, 17, 1) },
	{ "in register 17", BYTES(0x09, 3, 17) },
	{ "in a register far away", BYTES(0x09, 3, 0xff, 0xff, 0x7f) },
	{ "CFA from register 17", BYTES(0x0c, 17, 8) },
	{ "recalled without being remembered", BYTES(0x0b) },
	{ "set_loc", BYTES(0x01, 0, 0, 0, 0) },
	{ "val_offset, which libunwind 1.6 does not know", BYTES(0x14, 3, 1) },
	{ "unknown", BYTES(0x3f) },
	{ "operand missing", BYTES(0x0c, 7) },
	{ "number without an end", BYTES(0x0e, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
					 0x80, 0x80, 0x80, 1) },
	{ "expression of no length", BYTES(0x0f, 0) },
	{ "expression beyond the end", BYTES(0x0f, 3, 0x77, 0) },
	{ "division", BYTES(0x0f, 3, 0x31, 0x31, 0x1b) },
	{ "modulo", BYTES(0x0f, 3, 0x31, 0x31, 0x1d) },
	{ "jump", BYTES(0x0f, 3, 0x2f, 0xfd, 0xff) },
	{ "branch", BYTES(0x0f, 4, 0x31, 0x28, 0xfc, 0xff) },
	{ "register location", BYTES(0x10, 3, 1, 0x53) },
	{ "register location by number", BYTES(0x10, 3, 2, 0x90, 40) },
	{ "register 17 in an expression", BYTES(0x10, 3, 2, 0x81, 0) },
	{ "register by number in an expression", BYTES(0x10, 3, 3, 0x92, 40, 0) },
	{ "operand reaches out of the expression", BYTES(0x10, 3, 1, 0x0e, 0, 0, 0, 0, 0, 0, 0) },
	{ "sized dereference", BYTES(0x10, 3, 4, 0x77, 0, 0x94, 3) },
	{ "call", BYTES(0x10, 3, 3, 0x98, 0, 0) },
};

START_TEST(what_libunwind_could_not_bear)
{
	struct cfi_facts facts = { .start = 7 };

	ck_assert_msg(check(usual_cie, sizeof(usual_cie), refused[_i].bytes, refused[_i].size, 0,
			    &facts) == -EINVAL, "%s", refused[_i].what);
	ck_assert_uint_eq(facts.start, 7);
}
END_TEST

/* Seventeen remembered states, and a long way down. */
START_TEST(states_are_bounded)
{
	uint8_t program[40];
	struct cfi_facts facts;

	memset(program, 0x0a, sizeof(program));
	ck_assert_int_eq(check(usual_cie, sizeof(usual_cie), program, 16, 0, &facts), 0);
	ck_assert_int_eq(check(usual_cie, sizeof(usual_cie), program, 17, 0, &facts), -EINVAL);
}
END_TEST

/* Each: what is changed in the usual CIE. */
static const struct {
	const char *what;
	uint8_t place, value;
} cies[] = {
	{ "length", 0, 21 }, { "shorter length", 0, 19 }, { "64-bit length", 3, 0xff },
	{ "not a CIE", 4, 1 }, { "version 2", 8, 2 }, { "version 4", 8, 4 },
	{ "letter", 10, 'x' }, { "no z", 9, 'R' }, { "B", 10, 'B' },
	{ "return address in column 17", 14, 17 }, { "in column 200", 14, 200 },
	{ "more data than is there", 15, 200 }, { "less data than the letters want", 15, 0 },
	{ "encoding: uleb", 16, 0x01 }, { "indirect", 16, 0x9b }, { "aligned", 16, 0x50 },
	{ "omitted", 16, 0xff }, { "data relative", 16, 0x3b }, { "no CFA", 17, 0x00 },
	{ "CFA from register 17", 18, 17 }, { "remembered", 22, 0x0a },
};

START_TEST(cies_that_are_not_usual)
{
	uint8_t cie[sizeof(usual_cie)], nothing[] = { 0 };
	struct cfi_facts facts;

	memcpy(cie, usual_cie, sizeof(cie));
	cie[cies[_i].place] = cies[_i].value;
	/* Without its operands def_cfa would be three other instructions. */
	if (cies[_i].place == 17)
		memset(cie + 17, 0, 3);
	ck_assert_msg(check(cie, sizeof(cie), nothing, 1, 0, &facts) == -EINVAL, "%s",
		      cies[_i].what);
}
END_TEST

/* push rbp; mov rbp, rsp; ...; pop rbp; ret; then code that follows. */
static const uint8_t with_rbp[] = { 0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x02, 0x20, 0xc6,
				    0x0c, 7, 8, 0x41, 0x0b, 0x04, 0x30, 0, 0, 0, 0x0f, 2, 0x77, 0 };

static const struct {
	uint64_t offset;
	struct cfi_row row;
} rows[] = {
	{ 0, { .is_plain = true, .cfa_offset = 8, .return_offset = -8 } },
	{ 1, { .is_plain = true, .cfa_offset = 16, .return_offset = -8, .rbp_is_saved = true,
	       .rbp_offset = -16 } },
	{ 3, { .is_plain = true, .cfa_offset = 16, .return_offset = -8, .rbp_is_saved = true,
	       .rbp_offset = -16 } },
	{ 4, { .is_plain = true, .cfa_offset = 16, .return_offset = -8, .rbp_is_saved = true,
	       .rbp_offset = -16, .cfa_is_from_rbp = true } },
	{ 0x24, { .is_plain = true, .cfa_offset = 8, .return_offset = -8 } },
	{ 0x25, { .is_plain = true, .cfa_offset = 16, .return_offset = -8, .rbp_is_saved = true,
		  .rbp_offset = -16, .cfa_is_from_rbp = true } },
	{ 0x55, { .is_plain = false, .return_offset = 0 } },
};

START_TEST(rows_of_a_function)
{
	struct cfi_facts facts;
	const struct cfi_row *row = &facts.row, *expected = &rows[_i].row;

	ck_assert_int_eq(check(usual_cie, sizeof(usual_cie), with_rbp, sizeof(with_rbp),
			       START + rows[_i].offset, &facts), 0);
	ck_assert(facts.start == START && facts.end == START + 0x100 && !facts.is_signal);
	ck_assert_int_eq(row->is_plain, expected->is_plain);
	if (!row->is_plain)
		return;
	ck_assert(row->cfa_is_from_rbp == expected->cfa_is_from_rbp && !row->is_outermost);
	ck_assert_int_eq(row->cfa_offset, expected->cfa_offset);
	ck_assert_int_eq(row->return_offset, expected->return_offset);
	ck_assert_int_eq(row->rbp_is_saved, expected->rbp_is_saved);
	ck_assert_int_eq(row->rbp_offset, expected->rbp_offset);
}
END_TEST

static const struct {
	uint8_t bytes[8];
	size_t size;
	bool is_plain, is_outermost;
} plains[] = {
	{ BYTES(0x07, 16), true, true },                         /* return address undefined */
	{ BYTES(0x0d, 6), true, false },
	{ BYTES(0x0d, 10), false, false },                       /* CFA from r10 */
	{ BYTES(0x09, 6, 3), false, false },                     /* rbp in rbx */
	{ BYTES(0x10, 6, 2, 0x76, 0), false, false },            /* rbp by an expression */
	{ BYTES(0x07, 6), false, false },                        /* rbp lost */
	{ BYTES(0x87, 2), false, false },                        /* rsp in memory */
	{ BYTES(0x08, 16), false, false },
	{ BYTES(0x83, 3, 0x8c, 4), true, false },                /* rbx, r12 saved */
	{ BYTES(0x0e, 0xff, 0xff, 0xff, 0xff, 0x7f), false, false },
};

START_TEST(what_is_plain)
{
	struct cfi_facts facts;

	ck_assert_int_eq(check(usual_cie, sizeof(usual_cie), plains[_i].bytes, plains[_i].size,
			       START, &facts), 0);
	ck_assert_int_eq(facts.row.is_plain, plains[_i].is_plain);
	ck_assert_int_eq(facts.row.is_outermost, plains[_i].is_outermost);
}
END_TEST

/* ---- real ones ---- */

static const char *const files[] = {
	"/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2", "/usr/bin/python3",
	"/lib/x86_64-linux-gnu/libm.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6", "/bin/bash",
};

static bool open_file(const char *name, struct elf *elf)
{
	char *path = realpath(name, NULL);
	struct map map = { .path = path };
	struct stat stat_of;
	int e = path ? stat(path, &stat_of) : -1;

	if (e == 0) {
		map.device = stat_of.st_dev;
		map.inode = stat_of.st_ino;
		e = elf_open(getpid(), &map, NULL, elf);
	}
	free(path);
	return e == 0;
}

/* All of .eh_frame, entry after entry; the number of FDEs, and of those that are plain inside. */
static unsigned check_all(const uint8_t *bytes, size_t size, const char *name, unsigned *ret_plain)
{
	unsigned count = 0;

	for (size_t at = 0; at + 8 <= size;) {
		uint32_t length, id;
		struct cfi_facts facts;
		struct cfi cfi;

		memcpy(&length, bytes + at, 4);
		memcpy(&id, bytes + at + 4, 4);
		if (length == 0)
			break;
		if (id != 0) {
			cfi.fde = bytes + at;
			cfi.fde_size = length + 4;
			cfi.cie = bytes + at + 4 - id;
			memcpy(&length, cfi.cie, 4);
			cfi.cie_size = length + 4;
			ck_assert_msg(cfi_check(&cfi, at, UINT64_MAX, &facts) == 0,
				      "%s: .eh_frame+0x%zx", name, at);
			*ret_plain += facts.row.is_plain;
			count++;
			at += cfi.fde_size;
		} else {
			at += length + 4;
		}
	}
	return count;
}

START_TEST(all_of_a_file)
{
	uint64_t address, size;
	struct elf elf;
	unsigned count, plain = 0;
	uint8_t *bytes;

	if (!open_file(files[_i], &elf)) {
		fprintf(stderr, "skip: %s is not here\n", files[_i]);
		return;
	}
	ck_assert_int_eq(elf_section(&elf, ".eh_frame", &address, &size), 0);
	bytes = malloc(size);
	ck_assert_int_eq(elf_read(&elf, address, bytes, size), 0);
	count = check_all(bytes, size, files[_i], &plain);
	ck_assert_uint_gt(count, 100);
	ck_assert_msg(plain >= count - count / 20, "%u of %u are plain", plain, count);
	free(bytes);
	elf_close(&elf);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cfi");
	TCase *tcase = tcase_create("cfi");

	tcase_add_loop_test(tcase, what_libunwind_could_not_bear, 0, (int)ARRAY_SIZE(refused));
	tcase_add_test(tcase, states_are_bounded);
	tcase_add_loop_test(tcase, cies_that_are_not_usual, 0, (int)ARRAY_SIZE(cies));
	tcase_add_loop_test(tcase, rows_of_a_function, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, what_is_plain, 0, (int)ARRAY_SIZE(plains));
	tcase_add_loop_test(tcase, all_of_a_file, 0, (int)ARRAY_SIZE(files));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
