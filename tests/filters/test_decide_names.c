/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_names.c: rename and link: both ends count, and a new name gives nothing more. */
#include "tests/filters/decide_check.h"

#include <linux/fs.h>

#define A "/work-test/a"
#define B "/work-test/b"

#define MOVE(old_, new_) { .nr = __NR_renameat, .file = { old_, new_ } }
#define MOVE_FLAGS(flags_, old_, new_) { .nr = __NR_renameat2, .flags = (flags_), \
					 .file = { old_, new_ } }
#define SWAP(old_, new_) { .nr = __NR_renameat2, .flags = RENAME_EXCHANGE, \
			   .file = { old_, new_ } }
#define A_NODE(p) { .raw = (p), .path = (p), .type = S_IFCHR, .exists = true }
#define LINK(old_, new_) { .nr = __NR_linkat, .file = { old_, new_ } }

/* A and B alike for every class that a name could gain. */
#define ALIKE "allow write /work-test"

static const struct row rename_rows[] = {
	{ "", MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	{ ALIKE, MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE), A },
	{ ALIKE, MOVE(A_FILE(A), A_FILE(B)), ALLOWED(DELETE), A },
	{ ALIKE, { .nr = __NR_rename, .file = { A_FILE(A), A_NEW(B) } }, ALLOWED(DELETE), A },
	{ ALIKE, MOVE_FLAGS(RENAME_NOREPLACE, A_FILE(A), A_NEW(B)), ALLOWED(DELETE), A },
	{ "allow write " A, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, WRITE), B },
	{ "allow write " B, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	/* What stands at the new name goes away. */
	{ ALIKE "\ndeny delete " B, MOVE(A_FILE(A), A_FILE(B)), DENIED(EACCES, DELETE), B },
	{ ALIKE "\ndeny delete " B, MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE), A },
	{ ALIKE "\ndeny delete " A, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	{ ALIKE "\n--deny-delete", MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	/* No gain: the class is what would have been gained. */
	{ "allow delete " A "\nallow write " B, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, WRITE),
	  A },
	{ ALIKE "\nallow read " B, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, READ), A },
	{ ALIKE "\nallow read " A, MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE) },
	{ ALIKE "\nallow exec " B, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, EXEC), A },
	{ ALIKE "\nallow exec " A, MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE) },
	{ ALIKE "\nallow read /work-test\nallow exec /work-test", MOVE(A_FILE(A), A_NEW(B)),
	  ALLOWED(DELETE) },
	{ ALIKE "\nallow read /work-test\ndeny read " A, MOVE(A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, READ), A },
	{ ALIKE "\nallow read /work-test\nkill read " A, MOVE(A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, READ), A },
	{ ALIKE "\ndeny read " B "\nkill read " A, MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE) },
	/* Exchange: each is the new name of the other. */
	{ ALIKE, SWAP(A_FILE(A), A_FILE(B)), ALLOWED(DELETE) },
	{ "allow delete /work-test\nallow write " B, SWAP(A_FILE(A), A_FILE(B)),
	  DENIED(EACCES, WRITE), A },
	{ "allow write " A "\nallow delete " B, SWAP(A_FILE(A), A_FILE(B)), DENIED(EACCES, WRITE),
	  B },
	{ ALIKE "\ndeny delete " B, SWAP(A_FILE(A), A_FILE(B)), DENIED(EACCES, DELETE), B },
	{ ALIKE "\nallow read " A, SWAP(A_FILE(A), A_FILE(B)), DENIED(EACCES, READ), B },
	{ ALIKE "\nallow read " B, SWAP(A_FILE(A), A_FILE(B)), DENIED(EACCES, READ), A },
	{ ALIKE "\nallow exec " A, SWAP(A_FILE(A), A_FILE(B)), DENIED(EACCES, EXEC), B },
	/* Flags */
	{ ALIKE, MOVE_FLAGS(RENAME_WHITEOUT, A_FILE(A), A_NEW(B)), DENIED(EPERM, WRITE), A },
	{ "", MOVE_FLAGS(RENAME_WHITEOUT, A_FILE(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	{ "-A", MOVE_FLAGS(RENAME_WHITEOUT, A_FILE(A), A_NEW(B)), ALLOWED(DELETE) },
	{ ALIKE, MOVE_FLAGS(8, A_FILE(A), A_NEW(B)), DENIED(EINVAL, WRITE) },
	{ "-A", MOVE_FLAGS((int)0x80000001, A_FILE(A), A_NEW(B)), DENIED(EINVAL, WRITE) },
	/* Folders take their insides with them. */
	{ ALIKE, MOVE(A_FOLDER(A), A_NEW(B)), ALLOWED(DELETE), A },
	{ ALIKE "\ndeny read " A "/secret", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, DELETE),
	  A },
	{ ALIKE "\ndeny read " A "/secret", MOVE(A_FILE(A), A_NEW(B)), ALLOWED(DELETE), A },
	/* And a link may lead to one. */
	{ ALIKE, MOVE(A_LINK(A), A_NEW(B)), ALLOWED(DELETE), A },
	{ ALIKE "\ndeny write " B "/x", MOVE(A_LINK(A), A_NEW(B)), DENIED(EACCES, WRITE), B },
	{ ALIKE "\nallow read /work-test\ndeny write " B "/x", LINK(A_LINK(A), A_NEW(B)),
	  DENIED(EACCES, WRITE), B },
	{ ALIKE "\nallow read " B "/open", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, WRITE), B },
	{ ALIKE "\nallow exec " B "/*/bin", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, WRITE),
	  B },
	{ ALIKE "\ndeny stat " A "/secret", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, DELETE),
	  A },
	{ ALIKE "\nkill write " A "/secret", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, DELETE),
	  A },
	{ ALIKE "\ndeny read " B "/secret", SWAP(A_FILE(A), A_FOLDER(B)), DENIED(EACCES, WRITE),
	  B },
	{ ALIKE "\ndeny read " A "/secret", SWAP(A_FILE(A), A_FOLDER(B)), DENIED(EACCES, DELETE),
	  A },
	{ ALIKE "\ndeny read " A "/secret", SWAP(A_FILE(A), A_FILE(B)), ALLOWED(DELETE) },
	/* Of no known type: as if it were a folder. */
	{ ALIKE "\ndeny read " A "/secret", MOVE(A_NEW(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	/* --allow-all, and what the user refuses by name all the same */
	{ "-A", MOVE(A_FOLDER(A), A_FOLDER(B)), ALLOWED(DELETE) },
	{ "-A", SWAP(A_FOLDER(A), A_FILE(B)), ALLOWED(DELETE) },
	{ "-A\ndeny read " A "/secret", MOVE(A_FOLDER(A), A_NEW(B)), DENIED(EACCES, DELETE), A },
	{ "-A\ndeny read " A, MOVE(A_FILE(A), A_NEW(B)), DENIED(EACCES, READ), A },
	/* Kill outranks whatever was refused before. */
	{ "allow write " A "\nkill write " B, MOVE(A_FILE(A), A_NEW(B)), KILLED(WRITE), B },
	{ "kill write " B, MOVE(A_FILE(A), A_NEW(B)), KILLED(WRITE), B },
	{ ALIKE "\nkill delete " B, MOVE(A_FILE(A), A_FILE(B)), KILLED(DELETE), B },
	{ "kill write " B, MOVE_FLAGS(RENAME_WHITEOUT, A_FILE(A), A_NEW(B)), KILLED(WRITE), B },
	/* Ends that cannot be judged */
	{ "-A", MOVE(A_FAILURE(ELOOP), A_NEW(B)), DENIED(EACCES, DELETE) },
	{ "-A", MOVE(A_FILE(A), A_FAILURE(ELOOP)), DENIED(EACCES, WRITE) },
	{ "-A", MOVE(A_FILE(A), A_STRANGER("/proc/1/x")), DENIED(EACCES, WRITE) },
	{ "-A", MOVE(A_PIPE, A_NEW(B)), DENIED(EACCES, DELETE) },
	/* An open descriptor is no leave for a name. */
	{ "", MOVE(A_HELD(A), A_HELD(B)), DENIED(EACCES, DELETE), A },
	{ "allow delete " A, MOVE(A_FILE(A), A_HELD(B)), DENIED(EACCES, WRITE), B },
	{ ALIKE "\ndeny delete " B, MOVE(A_FILE(A), A_HELD(B)), DENIED(EACCES, DELETE), B },
	{ "allow delete " A "\nallow write " B, SWAP(A_HELD(A), A_FILE(B)), DENIED(EACCES, WRITE),
	  A },
};

static const struct row link_rows[] = {
	{ "", LINK(A_FILE(A), A_NEW(B)), DENIED(EACCES, WRITE), A },
	{ "allow write /work-test\nallow read /work-test", LINK(A_FILE(A), A_NEW(B)),
	  ALLOWED(WRITE), A },
	{ "allow write /work-test\nallow read /work-test",
	  { .nr = __NR_link, .file = { A_FILE(A), A_NEW(B) } }, ALLOWED(WRITE), A },
	{ "allow write /work-test\nallow read /work-test", LINK(A_NODE(A), A_NEW(B)),
	  DENIED(EPERM, WRITE) },
	{ "-A", LINK(A_NODE(A), A_NEW(B)), ALLOWED(WRITE) },
	/* A protected file could be changed, or read, under the new name. */
	{ "allow write " B "\nallow read /work-test", LINK(A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, WRITE), A },
	{ "allow write /work-test", LINK(A_FILE(A), A_NEW(B)), DENIED(EACCES, READ), A },
	{ "allow write " A "\nallow read /work-test", LINK(A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, WRITE), B },
	{ "allow write /work-test\nallow read /work-test\nallow exec " B,
	  LINK(A_FILE(A), A_NEW(B)), DENIED(EACCES, EXEC), A },
	{ "allow write /work-test\nallow read /work-test\nallow exec " A,
	  LINK(A_FILE(A), A_NEW(B)), ALLOWED(WRITE) },
	{ "kill read " A, LINK(A_FILE(A), A_NEW(B)), KILLED(READ), A },
	{ "kill write " B, LINK(A_FILE(A), A_NEW(B)), KILLED(WRITE), B },
	/* An open descriptor is no leave to make a name that outlives it. */
	{ "allow write " B, LINK(A_HELD(A), A_NEW(B)), DENIED(EACCES, WRITE), A },
	{ "allow write /work-test", LINK(A_HELD(A), A_NEW(B)), DENIED(EACCES, READ), A },
	{ "", LINK(A_MEMFD(true), A_HELD(B)), DENIED(EACCES, WRITE), B },
	/* O_TMPFILE, memfd */
	{ "allow write " B, LINK(A_MEMFD(true), A_NEW(B)), ALLOWED(WRITE) },
	{ "allow write " B, LINK(A_MEMFD(false), A_NEW(B)), DENIED(EACCES, WRITE) },
	{ "", LINK(A_MEMFD(true), A_NEW(B)), DENIED(EACCES, WRITE), B },
	{ "kill write " B, LINK(A_MEMFD(false), A_NEW(B)), KILLED(WRITE), B },
	{ "-A", LINK(A_MEMFD(false), A_NEW(B)), ALLOWED(WRITE) },
	{ "-A", LINK(A_FILE(A), A_NEW(B)), ALLOWED(WRITE), A },
	{ "-A", LINK(A_STRANGER("/proc/1/x"), A_NEW(B)), DENIED(EACCES, WRITE) },
	{ "-A", LINK(A_FAILURE(EACCES), A_NEW(B)), DENIED(EACCES, WRITE) },
	{ "-A", LINK(A_FILE(A), A_FAILURE(EACCES)), DENIED(EACCES, WRITE) },
	{ "-A", LINK(A_FILE(A), A_PIPE), DENIED(EACCES, WRITE) },
	{ "-A\ndeny read " A, LINK(A_FILE(A), A_NEW(B)), DENIED(EACCES, READ), A },
};

START_TEST(test_rename) { check_row(&rename_rows[_i], _i); }
END_TEST

START_TEST(test_link) { check_row(&link_rows[_i], _i); }
END_TEST

#define SETS 16

static bool has(int set, int bit)
{
	return set >> bit & 1;
}

/* What one end allows, as policy lines: bit 0 read, 1 write, 2 exec, 3 delete. */
static void append_rules(char *text, int set, const char *path)
{
	static const char *const words[] = { "read", "write", "exec", "delete" };

	for (int bit = 0; bit < 4; bit++)
		sprintf(text + strlen(text), "%s %s %s\n", has(set, bit) ? "allow" : "deny",
			words[bit], path);
}

/* Is something allowed at `to` that is refused at `from`? */
static bool gains(int from, int to)
{
	return (to & ~from & 7) != 0;
}

/* Every pair of ends, against the law in other words. */
START_TEST(test_every_pair)
{
	for (int new = 0; new < SETS; new++) {
		char rules[512] = "";
		struct call move = MOVE(A_FILE(A), A_NEW(B));
		struct call over = MOVE(A_FILE(A), A_FILE(B));
		struct call swap = SWAP(A_FILE(A), A_FILE(B));
		struct call link = LINK(A_FILE(A), A_NEW(B));
		int old = _i;
		bool may_move = has(old, 3) && has(new, 1) && !gains(old, new);
		bool may_swap = may_move && has(new, 3) && has(old, 1) && !gains(new, old);
		bool may_link = has(old, 0) && has(old, 1) && has(new, 1) && !gains(old, new);

		append_rules(rules, old, A);
		append_rules(rules, new, B);
		ck_assert_int_eq(verdict_of(rules, &move, rules).kind == VERDICT_ALLOW, may_move);
		ck_assert_int_eq(verdict_of(rules, &over, rules).kind == VERDICT_ALLOW,
				 may_move && has(new, 3));
		ck_assert_int_eq(verdict_of(rules, &swap, rules).kind == VERDICT_ALLOW, may_swap);
		ck_assert_int_eq(verdict_of(rules, &link, rules).kind == VERDICT_ALLOW, may_link);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_names");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(tcase, test_rename, 0, ARRAY_SIZE(rename_rows));
	tcase_add_loop_test(tcase, test_link, 0, ARRAY_SIZE(link_rows));
	tcase_add_loop_test(tcase, test_every_pair, 0, SETS);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
