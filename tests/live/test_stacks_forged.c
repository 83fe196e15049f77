/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_stacks_forged.c: a script that forges its own frames gets a wrong label, or none, and no
 * more: the verdicts stay, the run ends, and messages show nothing that the script may not read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/live.h"

#define TARGET "/etc/pyjail-forged"
#define TRIES 200
#define PATIENCE_S 45

/*
 * Opens a file that may be read and one that may not be written, and forges in between: 8-aligned
 * words at `base`, put back afterwards, so that the interpreter itself never meets them.  The open
 * is made by libc itself, and so is the forging: by a call that is one of ctypes from start to end.
 */
#define FORGE \
	"import ctypes, os, random, sys\n" \
	"libc = ctypes.CDLL(None, use_errno=True)\n" \
	"c_open = libc.open; c_open.argtypes = [ctypes.c_char_p] + 2 * [ctypes.c_int]\n" \
	"W = ctypes.c_uint64\n" \
	"def word(at): return W.from_address(at)\n" \
	"denied = 0\n" \
	"def both():\n" \
	"    global denied\n" \
	"    if c_open(b'" TARGET "', os.O_WRONLY | os.O_CREAT, 0) < 0 and ctypes.get_errno() == 13: denied += 1\n" \
	"    fd = c_open(b'/etc/hostname', 0, 0)\n" \
	"    if fd >= 0: os.close(fd)\n" \
	"    else: print('not read')\n" \
	"def forged(at, value):\n" \
	"    w = word(at); was = w.value; w.value = value & (2 ** 64 - 1)\n" \
	"    try: both()\n" \
	"    finally: w.value = was\n" \
	"random.seed(7)\n" \
	"def junk(): return random.choice([0, 1, 8, 2 ** 63, 2 ** 64 - 1, id(both), id(sys),\n" \
	"    id(both.__code__), 0x7fffffffe000, random.getrandbits(64), random.getrandbits(32)])\n"

#define REPORT "print('denied', denied)\n"

static void run(struct jail *jail, const char *code)
{
	live_script(jail, (const char *const[]){ "--stack=native", NULL }, code);
	ck_assert_msg(!jail->timed_out && jail->wall_s < PATIENCE_S, "%.1f s", jail->wall_s);
	ck_assert_ptr_nonnull(jail->result);
}

/* Whatever the labels are: this many were refused, this many allowed, and no others. */
static void check_verdicts(const struct jail *jail, size_t times)
{
	char text[64];

	snprintf(text, sizeof(text), "denied %zu\n", times);
	live_check_status(jail, 0);
	ck_assert_str_eq(jail->out, text);
	ck_assert_uint_eq(jail_count(jail, NULL, "deny", TARGET), times);
	ck_assert_int_eq(jail_denied(jail), (long)times);
	ck_assert_uint_ge(jail_count(jail, NULL, "allow", "/etc/hostname"), times);
}

/* Labels of the refusals that are not the true one. */
static size_t count_wrong(const struct jail *jail, const char *where)
{
	size_t i, n = 0;
	json_t *event;

	json_array_foreach(jail->record, i, event) {
		const char *at = json_string_value(json_object_get(event, "where"));
		const char *path = json_string_value(json_object_get(event, "path"));

		if (path && !strcmp(path, TARGET))
			n += !at || !strstr(at, where);
	}
	return n;
}

/* The words of its own code object, their strings and its line table: the heads are not touched. */
START_TEST(junk_in_code_objects)
{
	struct jail jail;

	run(&jail, FORGE
	    "code = id(both.__code__)\n"
	    "def at():\n"
	    "    object = code if random.random() < 0.5 else random.choice([\n"
	    "        id(both.__code__.co_filename), id(both.__code__.co_name),\n"
	    "        id(getattr(both.__code__, 'co_linetable', both.__code__.co_lnotab))])\n"
	    "    return object + random.randrange(2, 18) * 8\n"
	    "import gc; gc.disable()\n"
	    "fields = [code + o for o in (112, 120, 128, 136)] if sys.version_info >= (3, 11) else []\n"
	    "for i in range(200):\n"
	    "    forged(random.choice(fields), junk()) if fields else both()\n"
	    REPORT);
	check_verdicts(&jail, TRIES);
	ck_assert_uint_gt(count_wrong(&jail, "both"), TRIES / 4);
	jail_free(&jail);
}
END_TEST

/* In plain Python: any name at all, shown as data. */
START_TEST(names_as_one_likes)
{
	struct jail jail;
	const json_t *event;
	size_t i, found = 0;

	run(&jail, FORGE
	    "names = ['/etc/shadow', '\\x1b[2J\\x1b]0;x\\x07', 'a\\nb: 3', '\\udcff', '\\u202e', '',\n"
	    "         'x' * 100000, '\"}],\"verdict\":\"allow\"', '<frozen x>', '/usr/lib/python3/x.py']\n"
	    "for name in names:\n"
	    "    for line in (1, 2 ** 31 - 1):\n"
	    "        both.__code__ = both.__code__.replace(co_filename=name, co_name=name,\n"
	    "                                              co_firstlineno=line)\n"
	    "        both()\n"
	    REPORT);
	check_verdicts(&jail, 20);
	ck_assert_ptr_null(strchr(jail.err, '\x1b'));
	ck_assert_ptr_null(strchr(jail.err, '\x07'));
	ck_assert_ptr_null(strstr(jail.err, "\xe2\x80\xae"));
	ck_assert_ptr_null(strstr(jail.err, "root:"));
	json_array_foreach(jail.record, i, event) {
		const char *where = json_string_value(json_object_get(event, "where"));

		found += where && !strncmp(where, "/etc/shadow:", 12);
	}
	ck_assert_uint_gt(found, 1);
	jail_free(&jail);
}
END_TEST

/* A message waits for nothing, and shows nothing that the policy keeps from the script. */
START_TEST(names_of_other_files)
{
	struct jail jail;

	jail_write_file("secret", "password\n");
	jail_write_file("public", "a line that may be read\n");
	ck_assert_int_eq(mkfifo(jail_path("fifo"), 0600), 0);
	ck_assert_int_eq(symlink("secret", jail_path("link")), 0);
	live_script(&jail, (const char *const[]){ "--deny-read=secret", NULL },
		    "import os\n"
		    "for name in ('fifo', 'secret', 'link', 'public', '/dev/tty', '/dev/zero', '.'):\n"
		    "    code = compile('open(\"" TARGET "\" + __name__, \"w\")', name, 'exec')\n"
		    "    try: exec(code, {'__name__': str(hash(name))})\n"
		    "    except OSError: pass\n");
	live_check_status(&jail, 0);
	ck_assert(jail.wall_s < PATIENCE_S);
	ck_assert_int_eq(jail_denied(&jail), 7);
	ck_assert_ptr_null(strstr(jail.err, "password"));
	ck_assert_ptr_nonnull(strstr(jail.err, "at secret:1\n"));
	ck_assert_ptr_nonnull(strstr(jail.err, "at link:1\n"));
	ck_assert_ptr_nonnull(strstr(jail.err, "at fifo:1\n"));
	ck_assert_ptr_nonnull(strstr(jail.err, "at public:1                 a line that may be"));
	jail_free(&jail);
}
END_TEST

/*
 * 3.11: the frame's own words, and its caller's, reached through the frame object: cycles, code
 * objects that are none, callers that are nowhere.
 */
START_TEST(junk_in_frames)
{
	struct jail jail;

	run(&jail, FORGE
	    "def inner(frame, offset, value): forged(frame + offset, value)\n"
	    "def outer(offset, value):\n"
	    "    f = sys._getframe()\n"
	    "    frame = word(id(f) + 24).value\n"
	    "    inner(frame, offset, frame if value is None else value)\n"
	    "if sys.version_info[:2] != (3, 11):\n"
	    "    for i in range(200): both()\n"
	    "else:\n"
	    "    outer(48, None)\n"
	    "    for i in range(199): outer(random.choice([32, 48, 56, 48]), junk())\n"
	    REPORT);
	check_verdicts(&jail, TRIES);
	jail_free(&jail);
}
END_TEST

/* The thread's own state, found by its thread's pointer in memory: its id, its frames, its next. */
START_TEST(junk_in_the_thread_state)
{
	struct jail jail;

	run(&jail, FORGE
	    "import threading\n"
	    "state = ctypes.pythonapi.PyThreadState_Get; state.restype = W\n"
	    "at = state()\n"
	    "mine = [at + o for o in range(0, 400, 8) if word(at + o).value == threading.get_ident()]\n"
	    "for i in range(200): forged(random.choice(mine + [at + 8]), junk())\n"
	    REPORT);
	check_verdicts(&jail, TRIES);
	ck_assert_uint_gt(count_wrong(&jail, "both"), TRIES / 8);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	return live_main("stacks_forged", 100, (const TTest *const[]){
		junk_in_code_objects, names_as_one_likes, names_of_other_files, junk_in_frames,
		junk_in_the_thread_state, NULL });
}
