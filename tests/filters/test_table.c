/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c: syscalls.def is complete and well-formed; lookups; the small name functions. */
#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "tests/support/suite.h"

/* Numbers that x86-64 has assigned and no kernel implements: no row, so ENOSYS. */
static const int obsolete[] = {
	134, /* uselib */         139, /* sysfs */          156, /* _sysctl */
	174, /* create_module */  177, /* get_kernel_syms */ 178, /* query_module */
	180, /* nfsservctl */     181, /* getpmsg */        182, /* putpmsg */
	183, /* afs_syscall */    184, /* tuxcall */        185, /* security */
	205, /* set_thread_area */ 211, /* get_thread_area */ 214, /* epoll_ctl_old */
	215, /* epoll_wait_old */ 236, /* vserver */
};

/* Newer than libseccomp 2.5.4, which checks the names of all others. */
static const struct {
	const char *name;
	int nr;
} newer[] = {
	{ "uretprobe", 335 },
	{ "cachestat", 451 }, { "fchmodat2", 452 }, { "map_shadow_stack", 453 },
	{ "futex_wake", 454 }, { "futex_wait", 455 }, { "futex_requeue", 456 },
	{ "statmount", 457 }, { "listmount", 458 }, { "lsm_get_self_attr", 459 },
	{ "lsm_set_self_attr", 460 }, { "lsm_list_modules", 461 }, { "mseal", 462 },
	{ "setxattrat", 463 }, { "getxattrat", 464 }, { "listxattrat", 465 },
	{ "removexattrat", 466 }, { "open_tree_attr", 467 }, { "file_getattr", 468 },
	{ "file_setattr", 469 },
};

#define DECIDER(name) { name, #name }
static const struct {
	decide_fn *decide;
	const char *name;
} deciders[] = {
	DECIDER(decide_open), DECIDER(decide_remove), DECIDER(decide_rename),
	DECIDER(decide_link), DECIDER(decide_make), DECIDER(decide_change),
	DECIDER(decide_access), DECIDER(decide_stat), DECIDER(decide_umask),
	DECIDER(decide_list), DECIDER(decide_enter), DECIDER(decide_tell), DECIDER(decide_where),
	DECIDER(decide_pointer), DECIDER(decide_mapping),
	DECIDER(decide_exec), DECIDER(decide_clone), DECIDER(decide_signal),
	DECIDER(decide_process), DECIDER(decide_affinity), DECIDER(decide_prctl),
	DECIDER(decide_ioctl),
	DECIDER(decide_fcntl), DECIDER(decide_socket), DECIDER(decide_address),
	DECIDER(decide_blind), DECIDER(decide_never), DECIDER(decide_memfd),
	DECIDER(decide_limit), DECIDER(decide_group), DECIDER(decide_sandbox),
};

static bool is_obsolete(int nr)
{
	for (size_t i = 0; i < ARRAY_SIZE(obsolete); i++)
		if (obsolete[i] == nr)
			return true;
	return false;
}

START_TEST(every_number_has_a_row)
{
	for (int nr = 0; nr < 600; nr++) {
		bool assigned = nr <= 335 || (nr >= 424 && nr <= 469);
		const struct syscall_row *row = syscall_by_nr(nr);

		ck_assert_msg((row != NULL) == (assigned && !is_obsolete(nr)), "number %d", nr);
		if (row)
			ck_assert_int_eq(row->nr, nr);
	}
}
END_TEST

/* A second opinion on numbers and names: the list that libseccomp carries. */
START_TEST(names_belong_to_numbers)
{
	size_t known = 0;

	for (size_t i = 0; i < syscall_row_count; i++) {
		const struct syscall_row *row = &syscall_rows[i];
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, row->nr);

		if (name) {
			ck_assert_str_eq(name, row->name);
			known++;
		}
		free(name);
	}
	ck_assert_uint_ge(known + ARRAY_SIZE(newer), syscall_row_count);
	for (size_t i = 0; i < ARRAY_SIZE(newer); i++) {
		ck_assert_ptr_nonnull(syscall_by_nr(newer[i].nr));
		ck_assert_str_eq(syscall_by_nr(newer[i].nr)->name, newer[i].name);
	}
}
END_TEST

START_TEST(rows_are_unique)
{
	for (size_t i = 0; i < syscall_row_count; i++) {
		ck_assert_ptr_eq(syscall_by_nr(syscall_rows[i].nr), &syscall_rows[i]);
		ck_assert_ptr_eq(syscall_by_name(syscall_rows[i].name), &syscall_rows[i]);
	}
}
END_TEST

START_TEST(shapes_are_well_formed)
{
	for (size_t i = 0; i < syscall_row_count; i++) {
		const struct syscall_row *row = &syscall_rows[i];

		ck_assert_msg(strlen(row->shape) <= 6, "%s", row->name);
		ck_assert_msg(row->shape[strspn(row->shape, "Dpnomharxdiubzlstgvc")] == '\0',
			      "%s: %s", row->name, row->shape);
		for (const char *c = row->shape; *c; c++) {
			if (*c == 'D')
				ck_assert_msg(c[1] == 'p' || c[1] == 'n', "%s", row->name);
			if (*c == 's')
				ck_assert_msg(c[1] == 'l', "%s", row->name);
			if (*c == 'h')
				ck_assert_msg(c[1] == 'z', "%s", row->name);
		}
	}
}
END_TEST

static const struct {
	const char *name;
	const char *shape;
	enum call_group group;
	enum filter_action action;
	const char *decider;
} spelled[] = {
	{ "open", "pom", GROUP_FILE, FILTER_BROKER_ARGS, "decide_open" },
	{ "openat", "Dpom", GROUP_FILE, FILTER_BROKER_ARGS, "decide_open" },
	{ "creat", "pm", GROUP_FILE, FILTER_BROKER, "decide_open" },
	{ "openat2", "Dphz", GROUP_FILE, FILTER_BROKER, "decide_open" },
	{ "unlinkat", "Dna", GROUP_FILE, FILTER_BROKER, "decide_remove" },
	{ "rename", "nn", GROUP_FILE, FILTER_BROKER, "decide_rename" },
	{ "renameat2", "DnDnr", GROUP_FILE, FILTER_BROKER, "decide_rename" },
	{ "linkat", "DnDna", GROUP_FILE, FILTER_BROKER, "decide_link" },
	{ "symlink", "cn", GROUP_FILE, FILTER_BROKER, "decide_make" },
	{ "symlinkat", "cDn", GROUP_FILE, FILTER_BROKER, "decide_make" },
	{ "fchmodat", "Dpm", GROUP_FILE, FILTER_BROKER, "decide_change" },
	{ "utimensat", "Dpba", GROUP_FILE, FILTER_BROKER, "decide_change" },
	{ "fsetxattr", "dcbzx", GROUP_FILE, FILTER_BROKER, "decide_change" },
	{ "lstat", "nb", GROUP_FILE, FILTER_BROKER_STAT, "decide_stat" },
	{ "getdents64", "dbz", GROUP_FILE, FILTER_STOP_ENTER, "decide_list" },
	{ "chdir", "p", GROUP_FILE, FILTER_STOP_ENTER, "decide_enter" },
	{ "getcwd", "bz", GROUP_FILE, FILTER_STOP_LAYER, "decide_where" },
	{ "fstat", "db", GROUP_FILE, FILTER_PASS, "" },
	{ "execveat", "Dpvva", GROUP_PROC, FILTER_STOP, "decide_exec" },
	{ "clone3", "bz", GROUP_PROC, FILTER_ENOSYS, "" },
	{ "kill", "tg", GROUP_SIGNAL, FILTER_STOP, "decide_signal" },
	{ "tgkill", "ttg", GROUP_SIGNAL, FILTER_STOP, "decide_signal" },
	{ "connect", "dsl", GROUP_NET, FILTER_STOP, "decide_address" },
	{ "sendto", "dbzxsl", GROUP_NET, FILTER_STOP, "decide_address" },
	{ "memfd_create", "cx", GROUP_MEM, FILTER_STOP_MEMFD, "decide_memfd" },
	{ "ptrace", "itbb", GROUP_PROC, FILTER_STOP, "decide_blind" },
	{ "bpf", "ibz", GROUP_SYS, FILTER_STOP, "decide_never" },
	{ "nanosleep", "bb", GROUP_TIME, FILTER_PASS, "" },
	{ "shmget", "uzx", GROUP_IPC, FILTER_STOP, "decide_never" },
	{ "read", "dbz", GROUP_DESC, FILTER_PASS, "" },
};

START_TEST(known_rows)
{
	const struct syscall_row *row = syscall_by_name(spelled[_i].name);

	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(row->shape, spelled[_i].shape);
	ck_assert_int_eq(row->group, spelled[_i].group);
	ck_assert_int_eq(row->action, spelled[_i].action);
	ck_assert_str_eq(row->decider, spelled[_i].decider);
}
END_TEST

START_TEST(every_stop_has_a_decider)
{
	for (size_t i = 0; i < syscall_row_count; i++) {
		const struct syscall_row *row = &syscall_rows[i];
		bool stops = row->action != FILTER_PASS && row->action != FILTER_ENOSYS;
		const char *name = "";

		ck_assert_msg((row->decide != NULL) == stops, "%s", row->name);
		for (size_t k = 0; k < ARRAY_SIZE(deciders); k++)
			if (deciders[k].decide == row->decide)
				name = deciders[k].name;
		ck_assert_msg(!strcmp(name, row->decider), "%s", row->name);
		ck_assert_int_lt(row->group, GROUP_COUNT);
		ck_assert_msg(strlen(row->words) > 3, "%s", row->name);
	}
}
END_TEST

static FILE *open_source(const char *path)
{
	FILE *file = fopen(path, "re");

	ck_assert_msg(file != NULL, "%s: run the tests from the root of the repository", path);
	return file;
}

static bool row_uses(const char *decider)
{
	for (size_t i = 0; i < syscall_row_count; i++)
		if (!strcmp(syscall_rows[i].decider, decider))
			return true;
	return false;
}

START_TEST(every_decider_is_used)
{
	FILE *file = open_source("filters/decide.h");
	char line[256];
	char name[64];
	size_t found = 0;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "decide_fn %63[a-z_0-9];", name) == 1) {
			ck_assert_msg(row_uses(name), "%s", name);
			found++;
		}
	fclose(file);
	ck_assert_uint_eq(found, ARRAY_SIZE(deciders));
}
END_TEST

START_TEST(lines_are_those_of_the_file)
{
	FILE *file = open_source("filters/syscalls.def");
	char line[256];
	char name[64];
	unsigned number = 0;
	size_t found = 0;

	while (fgets(line, sizeof(line), file)) {
		number++;
		if (sscanf(line, "CALL(%63[a-z_0-9],", name) != 1)
			continue;
		found++;
		ck_assert_msg(syscall_by_name(name) != NULL, "%s", name);
		ck_assert_msg(syscall_by_name(name)->line == number, "%s", name);
	}
	fclose(file);
	ck_assert_uint_eq(found, syscall_row_count);
}
END_TEST

START_TEST(lookups_that_find_nothing)
{
	static const long numbers[] = { -1, -2, LONG_MIN, LONG_MAX, 470, 336, 423, 0x40000000,
					0x40000101, 0x100000000, 0x100000101, INT_MAX, UINT_MAX };
	static const char *const unknown[] = { "", "openat ", "OPENAT", "opena", "openatt",
					       "uselib" };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		ck_assert_ptr_null(syscall_by_nr(numbers[i]));
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		ck_assert_ptr_null(syscall_by_name(unknown[i]));
}
END_TEST

START_TEST(names)
{
	static const char *const classes[] = { "read", "write", "delete", "stat", "exec", "net",
					       "env", "signal", "process", "system" };

	ck_assert_uint_eq(ARRAY_SIZE(classes), CLASS_COUNT);
	for (int i = 0; i < CLASS_COUNT; i++)
		ck_assert_str_eq(class_name((enum call_class)i), classes[i]);
	ck_assert_str_eq(class_name((enum call_class)CLASS_COUNT), "unknown");
	ck_assert_str_eq(class_name((enum call_class)-1), "unknown");
	ck_assert_str_eq(verdict_name(VERDICT_ALLOW), "allow");
	ck_assert_str_eq(verdict_name(VERDICT_DENY), "deny");
	ck_assert_str_eq(verdict_name(VERDICT_KILL), "kill");
	ck_assert_str_eq(verdict_name(VERDICT_ASK), "ask");
	ck_assert_str_eq(verdict_name((enum verdict_kind)99), "unknown");
}
END_TEST

static const struct {
	int flags;
	bool writes;
} intents[] = {
	{ O_RDONLY, false },
	{ O_WRONLY, true },
	{ O_RDWR, true },
	{ O_ACCMODE, true },
	{ O_RDONLY | O_CREAT, true },
	{ O_RDONLY | O_TRUNC, true },
	{ O_RDONLY | O_EXCL, false },
	{ O_RDONLY | O_APPEND, false },
	{ O_RDONLY | O_DIRECTORY, false },
	{ O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOATIME, false },
	{ O_TMPFILE, true },
	{ O_TMPFILE & ~O_DIRECTORY, true },
	{ O_TMPFILE | O_RDWR, true },
	{ O_PATH | O_DIRECTORY, false },
	{ INT_MIN, false },
	{ -1, true },
};

START_TEST(write_intent)
{
	ck_assert_msg(call_flags_write(intents[_i].flags) == intents[_i].writes, "%#o",
		      intents[_i].flags);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");
	TCase *tcase = tcase_create("table");

	tcase_add_test(tcase, every_number_has_a_row);
	tcase_add_test(tcase, names_belong_to_numbers);
	tcase_add_test(tcase, rows_are_unique);
	tcase_add_test(tcase, shapes_are_well_formed);
	tcase_add_loop_test(tcase, known_rows, 0, ARRAY_SIZE(spelled));
	tcase_add_test(tcase, every_stop_has_a_decider);
	tcase_add_test(tcase, every_decider_is_used);
	tcase_add_test(tcase, lines_are_those_of_the_file);
	tcase_add_test(tcase, lookups_that_find_nothing);
	tcase_add_test(tcase, names);
	tcase_add_loop_test(tcase, write_intent, 0, ARRAY_SIZE(intents));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
