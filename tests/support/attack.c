/* SPDX-License-Identifier: Apache-2.0 */
/* attack.c: see attack.h. */
#include "tests/support/attack.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"
#define SNAPSHOT_MAX 4096
#define WORDS_MAX 32
#define TIMEOUT_S 60
#define TEST_TIMEOUT_S 200

const char attack_preamble[] =
	"import ctypes, errno, os, sys\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"libc.syscall.restype = ctypes.c_long\n"
	"def sc(nr, *args):\n"
	"    'A raw call: bytes and buffers by address; raises OSError.'\n"
	"    turn = lambda a: ctypes.c_char_p(a) if isinstance(a, bytes) else (\n"
	"        ctypes.c_long(a) if isinstance(a, int) else a)\n"
	"    ctypes.set_errno(0)\n"
	"    r = libc.syscall(ctypes.c_long(nr), *[turn(a) for a in args])\n"
	"    if r == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "
	"str(nr))\n"
	"    return r\n"
	"B = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))\n"
	"W, AT_FDCWD, JAILED = B + '/w', -100, sys.argv[1:] == ['jailed']\n"
	"_n, _sure, _carved = 0, [], os.path.exists(B + '/carved')\n"
	"def v(f, sure=True):\n"
	"    global _n\n"
	"    w = f'{W}/{_n}'\n"
	"    D = w + '/prot' if _carved else f'{B}/p/{_n}'\n"
	"    if sure: _sure.append(_n)\n"
	"    _n += 1\n"
	"    if not sure and not JAILED: return\n"
	"    os.chdir(w)\n"
	"    try: f(D, w)\n"
	"    except OSError as e: print(_n - 1, type(e).__name__, e, file=sys.stderr)\n"
	"def attempt(f, *args):\n"
	"    'Result or the name of the error.'\n"
	"    try: return f(*args)\n"
	"    except OSError as e: return errno.errorcode.get(e.errno, e.errno)\n"
	"def show(fd): print(os.pread(fd, 100, 0).decode(), flush=True)\n"
	"def b(path): return os.fsencode(path)\n"
	"import atexit\n"
	"atexit.register(lambda: print('\\nsure', *_sure, flush=True))\n"
	"#\n";

/* ---- the folders ---- */

static void make_folder(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void make_file(const char *folder, const char *name, unsigned n)
{
	char path[256], text[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(text, sizeof(text), "SECRET %u\n", n);
	jail_write_file(path, text);
	ck_assert_int_eq(chmod(jail_path(path), 0644), 0);
}

static void make_protected(const char *folder, unsigned n)
{
	char path[256];

	make_folder(jail_path(folder));
	make_file(folder, "t", n);
	snprintf(path, sizeof(path), "%s/d", folder);
	make_folder(jail_path(path));
	make_file(path, "f", n);
	snprintf(path, sizeof(path), "%s/l", folder);
	ck_assert_int_eq(symlink("t", jail_path(path)), 0);
}

static void protected_name(bool is_carved, unsigned n, char *out, size_t size)
{
	snprintf(out, size, is_carved ? "w/%u/prot" : "p/%u", n);
}

static void make_all(bool is_carved)
{
	char name[64];
	FILE *policy;

	make_folder(jail_path("w"));
	make_folder(jail_path("p"));
	if (is_carved)
		jail_write_file("carved", "");
	policy = fopen(jail_path("s/policy"), "w");
	ck_assert_ptr_nonnull(policy);
	for (unsigned n = 0; n < ATTACK_VARIANTS_MAX; n++) {
		snprintf(name, sizeof(name), "w/%u", n);
		make_folder(jail_path(name));
		protected_name(is_carved, n, name, sizeof(name));
		make_protected(name, n);
		if (is_carved)
			fprintf(policy, "deny write %s\ndeny read %s\n", jail_path(name),
				jail_path(name));
	}
	ck_assert_int_eq(fclose(policy), 0);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int make_accessible(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)ftw;
	if (kind == FTW_D || kind == FTW_DNR)
		return chmod(path, st->st_mode | 0700);
	return 0;
}

static void remove_all(void)
{
	const char *const names[] = { "w", "p", "carved" };

	for (size_t i = 0; i < 3; i++) {
		nftw(jail_path(names[i]), make_accessible, 16, FTW_PHYS);
		nftw(jail_path(names[i]), remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
}

void attack_setup(void)
{
	jail_setup();
	make_folder(jail_path("s"));
}

/* ---- what a folder looks like ---- */

struct snapshot {
	char text[SNAPSHOT_MAX];
	size_t used;
};

/* nftw(3) takes no context. */
static struct snapshot *taking;

static void add_content(const char *path, const struct stat *st)
{
	char bytes[256];
	ssize_t n = -1;

	if (S_ISLNK(st->st_mode)) {
		n = readlink(path, bytes, sizeof(bytes));
	} else if (S_ISREG(st->st_mode)) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		n = read(fd, bytes, sizeof(bytes));
		close(fd);
	}
	for (ssize_t i = 0; i < n && taking->used + 4 < SNAPSHOT_MAX; i++)
		taking->used += (size_t)sprintf(taking->text + taking->used, "%02x",
						(unsigned char)bytes[i]);
}

static int add_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	char attributes[256];
	ssize_t n = llistxattr(path, attributes, sizeof(attributes));

	(void)kind;
	taking->used += (size_t)snprintf(
		taking->text + taking->used, SNAPSHOT_MAX - taking->used,
		"\n%s mode %o owner %u:%u links %u size %ld at %ld.%09ld %ld.%09ld attr %zd ",
		path + ftw->base, st->st_mode, st->st_uid, st->st_gid, (unsigned)st->st_nlink,
		(long)st->st_size, st->st_mtim.tv_sec, st->st_mtim.tv_nsec, st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec, n);
	ck_assert_uint_lt(taking->used, SNAPSHOT_MAX - 600);
	add_content(path, st);
	return 0;
}

static void take(struct snapshot *snapshot, bool is_carved, unsigned n)
{
	char name[64];

	protected_name(is_carved, n, name, sizeof(name));
	*snapshot = (struct snapshot){ { 0 }, 0 };
	taking = snapshot;
	if (nftw(jail_path(name), add_one, 16, FTW_PHYS) < 0)
		strcpy(snapshot->text, "gone");
}

/* ---- the runs ---- */

static size_t fill_words(const char *words[WORDS_MAX], const char *const options[],
			 bool has_landlock)
{
	static char paths[3][128];
	size_t n = 0;

	snprintf(paths[0], sizeof(paths[0]), "--allow-read=%s/w", jail_folder);
	snprintf(paths[1], sizeof(paths[1]), "--allow-write=%s/w", jail_folder);
	snprintf(paths[2], sizeof(paths[2]), "--policy=%s/s/policy", jail_folder);
	words[n++] = "--record=record.jsonl";
	words[n++] = paths[0];
	words[n++] = paths[1];
	if (access(jail_path("s/policy"), F_OK) == 0)
		words[n++] = paths[2];
	if (!has_landlock)
		words[n++] = "--no-landlock";
	for (size_t i = 0; options && options[i]; i++)
		words[n++] = options[i];
	return n;
}

static void write_script(const char *code)
{
	FILE *f = fopen(jail_path("s/s.py"), "w");

	ck_assert_ptr_nonnull(f);
	fprintf(f, "%s%s", attack_preamble, code);
	ck_assert_int_eq(fclose(f), 0);
}

void attack_script(struct jail *jail, const char *const options[], bool has_landlock,
		   const char *code)
{
	const char *words[WORDS_MAX];
	size_t n = fill_words(words, options, has_landlock);

	write_script(code);
	words[n++] = jail_path("s/s.py");
	words[n++] = "jailed";
	words[n] = NULL;
	jail_run(jail, NULL, TIMEOUT_S, words);
}

void attack_bare(struct jail *jail, const char *code)
{
	const char *words[2] = { NULL, NULL };

	write_script(code);
	words[0] = jail_path("s/s.py");
	jail_run_program(jail, PYTHON, NULL, TIMEOUT_S, words);
}

/* "sure 0 1 3", the script's last line: the variants that must succeed in the control. */
static bool is_sure(const struct jail *jail, unsigned n)
{
	const char *line = strstr(jail->out, "\nsure");
	char word[16];

	ck_assert_msg(line != NULL, "the script did not come to its end:\n%.1500s", jail->err);
	snprintf(word, sizeof(word), " %u", n);
	for (line += 5; (line = strstr(line, word)); line++)
		if (strchr(" \n", line[strlen(word)]))
			return true;
	return false;
}

static bool is_told(const struct jail *jail, unsigned n)
{
	char secret[32];

	snprintf(secret, sizeof(secret), "SECRET %u\n", n);
	return strstr(jail->out, secret) != NULL;
}

static void check_ended(const struct attack *attack, const struct jail *jail)
{
	ck_assert_msg(!jail->timed_out && jail->status == 0, "%s: status %d signal %d\n%.1500s",
		      attack->name, jail->status, jail->signal, jail->err);
}

/* What the folders were like: each test is a process of its own. */
static struct snapshot before[ATTACK_VARIANTS_MAX];

static void prepare(bool is_carved)
{
	make_all(is_carved);
	for (unsigned n = 0; n < ATTACK_VARIANTS_MAX; n++)
		take(&before[n], is_carved, n);
}

void attack_folders(void)
{
	prepare(false);
}

void attack_folders_check(void)
{
	struct snapshot after;

	for (unsigned n = 0; n < ATTACK_VARIANTS_MAX; n++) {
		take(&after, false, n);
		ck_assert_str_eq(before[n].text, after.text);
	}
}

static void jailed_run(const struct attack *attack, bool has_landlock)
{
	struct snapshot after;
	struct jail jail;

	prepare(attack->is_carved);
	attack_script(&jail, attack->options, has_landlock, attack->code);
	check_ended(attack, &jail);
	for (unsigned n = 0; n < ATTACK_VARIANTS_MAX; n++) {
		take(&after, attack->is_carved, n);
		ck_assert_msg(!strcmp(before[n].text, after.text) && !is_told(&jail, n),
			      "%s: variant %u won%s.  Before:%.1000s\nAfter:%.1000s\nIt said: %.1000s%.1000s",
			      attack->name, n, has_landlock ? "" : " without Landlock",
			      before[n].text, after.text, jail.out, jail.err);
	}
	if (attack->call)
		ck_assert_msg(jail_count(&jail, attack->call, attack->verdict, NULL) > 0,
			      "%s: no %s of %s is recorded", attack->name, attack->verdict,
			      attack->call);
	jail_free(&jail);
	remove_all();
}

static void control_run(const struct attack *attack)
{
	struct snapshot after;
	struct jail jail;

	prepare(attack->is_carved);
	attack_bare(&jail, attack->code);
	check_ended(attack, &jail);
	for (unsigned n = 0; n < ATTACK_VARIANTS_MAX; n++) {
		take(&after, attack->is_carved, n);
		ck_assert_msg(!is_sure(&jail, n) || is_told(&jail, n) ||
			      strcmp(before[n].text, after.text) != 0,
			      "%s: variant %u does nothing outside either: %.1000s%.1000s", attack->name, n,
			      jail.out, jail.err);
	}
	jail_free(&jail);
	remove_all();
}

/* Check's loop tests get a number and nothing else. */
static const struct attack *all_attacks;

START_TEST(an_attack_changes_nothing)
{
	const struct attack *attack = &all_attacks[_i];

	jailed_run(attack, true);
	jailed_run(attack, false);
	control_run(attack);
}
END_TEST

static int run_all(const char *name, TCase *tcase, const TTest *const tests[])
{
	Suite *suite = suite_create(name);

	tcase_set_timeout(tcase, TEST_TIMEOUT_S);
	for (size_t i = 0; tests && tests[i]; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}

int attack_main_with(const char *name, SFun setup, SFun teardown, const TTest *const tests[])
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, teardown);
	return run_all(name, tcase, tests);
}

int attack_main(const char *name, const struct attack *attacks, size_t count,
		const TTest *const others[])
{
	TCase *tcase = tcase_create(name);

	all_attacks = attacks;
	tcase_add_checked_fixture(tcase, attack_setup, jail_teardown);
	tcase_add_loop_test(tcase, an_attack_changes_nothing, 0, (int)count);
	return run_all(name, tcase, others);
}
