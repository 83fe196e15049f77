/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_layer_fuzz.c: random sequences of file operations on a plain folder, and on the view of a
 * copy of it through a layer.  Results, errno, listings, contents, modes, times must be the same
 * after each step; the whole tree at the end, and again when the layer was closed and opened; and
 * the real folder below must be what it was.
 * $LAYER_SEQUENCES, $LAYER_SEED: more, or one of them again.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tests/support/world.h"
#include "tracer/layer/changes.h"

#define STEPS 60

static char folder[64];
static unsigned long long state;

static unsigned pick(unsigned below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % below;
}

static void pick_path(char *path, size_t size)
{
	static const char *const names[] = { "a", "b", "c", "d", "l", "e", "a", "b" };
	unsigned depth = 1 + pick(3);

	path[0] = '\0';
	for (unsigned i = 0; i < depth; i++) {
		size_t n = strlen(path);
		bool is_up = i + 1 < depth && i > 0 && pick(20) == 0;

		snprintf(path + n, size - n, "%s%s", i ? "/" : "",
			 is_up ? ".." : names[pick(ARRAY_SIZE(names))]);
	}
}

static int pick_open_flags(void)
{
	static const int flags[] = {
		O_RDONLY, O_RDONLY | O_DIRECTORY, O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC,
		O_WRONLY | O_APPEND, O_RDWR | O_CREAT, O_WRONLY | O_CREAT | O_TRUNC,
		O_WRONLY | O_CREAT | O_EXCL, O_WRONLY | O_CREAT | O_APPEND, O_RDONLY | O_NOFOLLOW,
		O_RDWR | O_NOFOLLOW, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC,
		O_RDWR | O_CREAT | O_EXCL,
	};

	return flags[pick(ARRAY_SIZE(flags))] | O_NONBLOCK;
}

static unsigned pick_mode(bool is_rough)
{
	static const unsigned modes[] = { 0755, 0700, 0644, 0600, 0777,
					  0444, 0555, 0000, 0300, 0500 };

	return modes[pick(is_rough ? ARRAY_SIZE(modes) : 5)];
}

static struct world_op pick_op(bool is_rough)
{
	struct world_op op = { .kind = (enum world_kind)pick(WORLD_KINDS) };

	pick_path(op.path, sizeof(op.path));
	pick_path(op.path2, sizeof(op.path2));
	op.mode = pick_mode(is_rough);
	snprintf(op.data, sizeof(op.data), "<%u>", pick(1000));
	if (op.kind == WORLD_OPEN)
		op.flags = pick_open_flags();
	else if (op.kind == WORLD_STAT)
		op.flags = pick(2) ? AT_SYMLINK_NOFOLLOW : 0;
	else if (op.kind == WORLD_RENAME)
		op.flags = (int)pick(3);
	else
		op.flags = (int)pick(100);
	return op;
}

static void show(const struct world_op *ops, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		printf("  %2u kind %d %s %s flags %o mode %o\n", i, ops[i].kind, ops[i].path,
		       ops[i].path2, (unsigned)ops[i].flags, ops[i].mode);
}

static int make_root(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (mkdir(path, 0755) < 0)
		_exit(98);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	return flag == FTW_DP ? rmdir(path) : unlink(path);
}

static int open_up(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (flag == FTW_D || flag == FTW_DNR)
		chmod(path, 0700);
	return 0;
}

static void clear(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	/* Twice: a folder that could not be read is opened up before it is entered. */
	for (int i = 0; i < 8; i++)
		nftw(path, open_up, 16, FTW_PHYS);
	nftw(path, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

static struct layer *open_layer(void)
{
	char layer_path[128], real_path[128];
	struct layer *layer = NULL;
	int e;

	snprintf(layer_path, sizeof(layer_path), "%s/layer", folder);
	snprintf(real_path, sizeof(real_path), "%s/real", folder);
	e = layer_open(layer_path, real_path, &layer);
	if (e < 0) {
		printf("layer_open: %d\n", e);
		_exit(97);
	}
	return layer;
}

static char texts[2][1 << 18];

static bool same_trees(struct world *a, struct world *b, const char *when, bool says)
{
	world_dump(a, texts[0], sizeof(texts[0]));
	world_dump(b, texts[1], sizeof(texts[1]));
	if (strcmp(texts[0], texts[1]) == 0)
		return true;
	if (says)
		printf("%s: plain\n%s\nview\n%s\n", when, texts[0], texts[1]);
	return false;
}

static bool steps(struct world *plain, struct world *view, struct world_op *ops, bool is_rough)
{
	for (unsigned i = 0; i < STEPS; i++) {
		int a, b;

		ops[i] = pick_op(is_rough);
		a = world_do(plain, &ops[i]);
		b = world_do(view, &ops[i]);
		if (a != b || strcmp(plain->said, view->said) != 0) {
			show(ops, i + 1);
			printf("plain %d %s\nview  %d %s\n", a, plain->said, b, view->said);
			return false;
		}
	}
	return true;
}

struct list {
	struct change changes[512];
	size_t count;
};

static int keep(void *data, const struct change *change)
{
	struct list *list = data;

	if (list->count == ARRAY_SIZE(list->changes))
		return -E2BIG;
	list->changes[list->count] = *change;
	list->changes[list->count++].path = strdup(change->path);
	return 0;
}

static bool apply_pass(struct layer *layer, const struct list *list, enum apply_pass pass)
{
	for (size_t i = 0; i < list->count; i++) {
		bool is_back = pass == APPLY_FOLDER_MODE;
		const struct change *change = &list->changes[is_back ? list->count - 1 - i : i];
		int e = layer_applies(change, pass) ? layer_apply(layer, change, pass) : 0;

		if (e < 0) {
			printf("apply %s %s: %d\n", change_name(change->kind), change->path, e);
			return false;
		}
	}
	return true;
}

/* Makes the view real; then there is nothing left to do. */
static bool apply_all(struct layer *layer)
{
	struct list list = { .count = 0 }, rest = { .count = 0 };
	int e = layer_changes(layer, keep, &list);

	for (unsigned pass = 0; e == 0 && pass < APPLY_PASSES; pass++)
		if (!apply_pass(layer, &list, (enum apply_pass)pass))
			return false;
	e = layer_changes(layer, keep, &rest);
	for (size_t i = 0; i < rest.count; i++)
		printf("left %s %s\n", change_name(rest.changes[i].kind), rest.changes[i].path);
	for (size_t i = 0; i < list.count; i++)
		free((char *)list.changes[i].path);
	return e == 0 && rest.count == 0;
}

static bool sequence(unsigned long long seed, bool is_rough)
{
	static struct world plain, view, below;
	struct world_op ops[STEPS];
	char before[sizeof(texts[0])];
	bool is_same;

	state = seed;
	umask(022);
	plain.root = make_root("plain");
	below.root = make_root("real");
	close(make_root("layer"));
	world_fill(plain.root);
	world_fill(below.root);
	world_dump(&below, before, sizeof(before));
	view.layer = open_layer();
	is_same = steps(&plain, &view, ops, is_rough);
	if (is_same)
		is_same = same_trees(&plain, &view, "at the end", true);
	layer_close(view.layer);
	view.layer = open_layer();
	if (is_same)
		is_same = same_trees(&plain, &view, "opened again", true);
	world_dump(&below, texts[0], sizeof(texts[0]));
	if (strcmp(texts[0], before) != 0) {
		printf("the real folder changed:\n%s\n%s\n", before, texts[0]);
		is_same = false;
	}
	/* Where the script shut itself out of a folder, apply is shut out, too. */
	if (is_same && !is_rough) {
		plain.is_brief = below.is_brief = true;
		is_same = apply_all(view.layer) && same_trees(&plain, &below, "applied", true);
		plain.is_brief = below.is_brief = false;
	}
	layer_close(view.layer);
	close(plain.root);
	close(below.root);
	if (!is_same) {
		show(ops, STEPS);
		printf("LAYER_SEED=%llu\n", seed);
	}
	clear("plain");
	clear("real");
	clear("layer");
	return is_same;
}

static void run_as(uid_t uid, bool is_rough)
{
	const char *count = getenv("LAYER_SEQUENCES"), *seed = getenv("LAYER_SEED");
	unsigned long n = count ? strtoul(count, NULL, 10) : 150;
	int status;
	pid_t pid;

	strcpy(folder, "/tmp/pyjail-layer.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	fflush(stdout);
	if (uid)
		ck_assert_int_eq(chown(folder, uid, uid), 0);
	pid = fork();
	if (pid == 0) {
		if (uid && (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0))
			_exit(96);
		if (seed) {
			bool is_same = sequence(strtoull(seed, NULL, 10), is_rough);

			fflush(stdout);
			_exit(is_same ? 0 : 1);
		}
		for (unsigned long i = 0; i < n; i++)
			if (!sequence(i + 1, is_rough)) {
				fflush(stdout);
				_exit(1);
			}
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	rmdir(folder);
	ck_assert_int_eq(status, 0);
}

START_TEST(a_view_is_like_a_folder)
{
	/* Only root is never shut out of what it made itself. */
	run_as(0, geteuid() != 0);
}
END_TEST

START_TEST(also_where_folders_are_shut)
{
	run_as(geteuid() == 0 ? 65534 : 0, true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layer_fuzz");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 3600);
	tcase_add_test(tests, a_view_is_like_a_folder);
	tcase_add_test(tests, also_where_folders_are_shut);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
