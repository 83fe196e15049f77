/* SPDX-License-Identifier: Apache-2.0 */
/* test_record.c: the record is whole, and who reads it cannot disturb the run. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"

#define PATIENCE_S 60

static const char *const call_keys[] = { "n", "t", "pid", "tid", "call", "class", "verdict",
					 "errno", "path", "flags", "rule" };
static const char *const result_keys[] = { "status", "signal", "limit", "denied", "wall_s", "cpu_s",
					   "max_rss_kib" };
static const char *const start_keys[] = { "version", "argv", "policy", "interpreter", "kernel",
					  "landlock", "time" };

static void check_keys(const json_t *object, const char *type, const char *const *keys,
		       size_t count)
{
	const char *found = json_string_value(json_object_get(object, "type"));

	ck_assert_msg(found && !strcmp(found, type), "%s, not %s", found, type);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(json_object_get(object, keys[i]) != NULL, "%s has no %s", type,
			      keys[i]);
}

#define CHECK_KEYS(object, type, keys) \
	check_keys(object, type, keys, sizeof(keys) / sizeof(keys[0]))

/* Start, calls numbered from 1 in order of time, result. */
static void check_whole(const json_t *record)
{
	size_t last = json_array_size(record) - 1;
	double before = 0;

	ck_assert_uint_gt(json_array_size(record), 10);
	CHECK_KEYS(json_array_get(record, 0), "start", start_keys);
	CHECK_KEYS(json_array_get(record, last), "result", result_keys);
	for (size_t i = 1; i < last; i++) {
		const json_t *event = json_array_get(record, i);
		double t = json_number_value(json_object_get(event, "t"));

		CHECK_KEYS(event, "call", call_keys);
		ck_assert_uint_eq((size_t)json_integer_value(json_object_get(event, "n")), i);
		ck_assert(t >= before);
		before = t;
	}
}

START_TEST(every_line_is_whole_and_in_order)
{
	struct jail jail;

	live_script(&jail, NULL,
		    "import os, threading\n"
		    "def storm(i):\n"
		    "    for j in range(30):\n"
		    "        try: open(f'/tmp/pyjail-never/{i}/{j}', 'w')\n"
		    "        except OSError: pass\n"
		    "        open('/etc/passwd').close()\n"
		    "ts = [threading.Thread(target=storm, args=(i,)) for i in range(20)]\n"
		    "[t.start() for t in ts]; [t.join() for t in ts]\n"
		    "for i in range(5): os.fork() or (storm(i), os._exit(0))\n"
		    "for i in range(5): os.wait()\n");
	live_check_status(&jail, 0);
	check_whole(jail.record);
	ck_assert_uint_eq(jail_count(&jail, NULL, NULL, "/etc/passwd"), 750);
	jail_free(&jail);
}
END_TEST

/* ---- names that somebody chose ---- */

/* As hex; each is a file name, tried for writing. */
static const char *const names[] = {
	"706c61696e",                             /* plain */
	"20206120",                               /* spaces */
	"0a7079 6a61696c3a20616c6c 6f776564",     /* a line of its own, in our name */
	"1b5b33316d1b5d303b7469746c6507",         /* colour and title of a terminal */
	"ff",                                     /* not UTF-8 */
	"636166e9",
	"c080c0afeda080f4908080",                 /* overlong, surrogate, too large */
	"e2 80 ae 74 78 74",                      /* right-to-left */
	"225c2a7b7d5b5d2c3a",                     /* what JSON means something by */
	"5c75303030 30",                          /* what would be an escape */
	"c285e280a8e280a9",                       /* other ends of line */
	"0102030405060708090b0c0d0e0f7f",
};

static size_t unhex(const char *hex, char *bytes)
{
	size_t n = 0;
	unsigned byte;

	for (; *hex; hex += 2) {
		hex += strspn(hex, " ");
		ck_assert_int_eq(sscanf(hex, "%2x", &byte), 1);
		bytes[n++] = (char)byte;
	}
	bytes[n] = '\0';
	return n;
}

static bool is_path(const json_t *event, const char *path)
{
	const char *hex = json_string_value(json_object_get(event, "path_hex"));
	const char *text = json_string_value(json_object_get(event, "path"));
	char bytes[8192];

	if (!hex)
		return text && !strcmp(text, path);
	ck_assert(strlen(hex) < 2 * sizeof(bytes));
	unhex(hex, bytes);
	return !strcmp(bytes, path);
}

static void check_recorded(const struct jail *jail, const char *path, const char *hex)
{
	size_t i, found = 0;
	json_t *event;

	json_array_foreach(jail->record, i, event)
		found += is_path(event, path);
	ck_assert_msg(found == 1, "%s: %zu", hex, found);
}

/* stderr: printable ASCII, what is well-formed above it, and ends of line that are ours. */
static void check_harmless(const char *said)
{
	for (const char *line = said; *line; line = strchr(line, '\n') + 1) {
		ck_assert_msg(!strncmp(line, "pyjail: ", 8) || !strncmp(line, "        ", 8), "%s",
			      line);
		ck_assert_ptr_nonnull(strchr(line, '\n'));
		for (const char *p = line; *p != '\n'; p++)
			ck_assert_msg((unsigned char)*p >= 0x20 && *p != 0x7f, "0x%02x in %s", *p,
				      line);
	}
	ck_assert_ptr_null(strstr(said, "\xe2\x80\xae"));
	ck_assert_ptr_null(strstr(said, "\xc2\x85"));
	ck_assert_ptr_null(strstr(said, "\xff"));
}

START_TEST(names_survive_as_they_are)
{
	char code[4096] = "import os\nfor name in (", path[8192];
	struct jail jail;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		snprintf(code + strlen(code), sizeof(code) - strlen(code), "'%s', ", names[i]);
	strcat(code, "):\n"
		     "    path = b'/tmp/pyjail-never-' + bytes.fromhex(name)\n"
		     "    try: os.open(path, os.O_WRONLY | os.O_CREAT)\n"
		     "    except PermissionError: pass\n");
	live_script(&jail, NULL, code);
	live_check_status(&jail, 0);
	check_whole(jail.record);
	check_harmless(jail.err);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		strcpy(path, "/tmp/pyjail-never-");
		unhex(names[i], path + strlen(path));
		check_recorded(&jail, path, names[i]);
	}
	jail_free(&jail);
}
END_TEST

START_TEST(long_names_are_whole)
{
	struct jail jail;
	json_t *event;
	size_t i, longest = 0;

	live_script(&jail, NULL,
		    "import os\n"
		    "try: os.open(b'/tmp/' + b'\\xff' * 255, os.O_WRONLY | os.O_CREAT)\n"
		    "except PermissionError: pass\n");
	live_check_status(&jail, 0);
	json_array_foreach(jail.record, i, event) {
		const char *hex = json_string_value(json_object_get(event, "path_hex"));

		if (hex && strlen(hex) > longest)
			longest = strlen(hex);
	}
	ck_assert_uint_eq(longest, 2 * (strlen("/tmp/") + 255));
	jail_free(&jail);
}
END_TEST

/* ---- readers ---- */

#define OPENS \
	"import os, sys, time\n" \
	"start = time.monotonic()\n" \
	"for i in range(15000): os.close(os.open('/etc/passwd', os.O_RDONLY))\n" \
	"open('took', 'w').write(str(time.monotonic() - start))\n" \
	"sys.exit(int(sys.argv[1]))\n"

/* The record goes to a FIFO that this test reads; `ret_err` is what pyjail says. */
static pid_t start_with_fifo(const char *status, int *ret_fifo, int *ret_err)
{
	int ends[2];
	pid_t pid;

	jail_write_file("s.py", OPENS);
	ck_assert_int_eq(mkfifo(jail_path("fifo"), 0600), 0);
	*ret_fifo = open(jail_path("fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(*ret_fifo, 0);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = live_start(-1, -1, ends[1],
			 (const char *const[]){ "--record=fifo", "--allow-write=took",
						jail_path("s.py"), status, NULL });
	close(ends[1]);
	*ret_err = ends[0];
	return pid;
}

static const char *read_words(int fd)
{
	static char words[8192];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, words + n, sizeof(words) - 1 - n)) > 0)
		n += (size_t)got;
	words[n] = '\0';
	close(fd);
	return words;
}

START_TEST(a_reader_that_goes_away_changes_nothing_for_the_script)
{
	char some[1000];
	int fifo, err, status;
	pid_t pid = start_with_fifo("3", &fifo, &err);
	struct pollfd one = { fifo, POLLIN, 0 };
	const char *said;

	ck_assert_int_eq(poll(&one, 1, 10000), 1);
	ck_assert_int_gt(read(fifo, some, sizeof(some)), 0);
	ck_assert_int_eq(strncmp(some, "{\"type\":\"start\"", 15), 0);
	close(fifo);
	status = live_wait(pid, PATIENCE_S);
	said = read_words(err);
	ck_assert_ptr_nonnull(jail_read_file("took"));
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 125, "0x%x", (unsigned)status);
	ck_assert_msg(strstr(said, "record is incomplete") && strstr(said, "EPIPE"), "%s", said);
}
END_TEST

/* Reads the rest as it comes: every line parses, the last one is the result. */
static void check_rest(int fifo)
{
	FILE *f = fdopen(fifo, "r");
	json_t *record = json_array();
	char *line = NULL;
	size_t size = 0;

	ck_assert_ptr_nonnull(f);
	fcntl(fifo, F_SETFL, 0);
	while (getline(&line, &size, f) > 0) {
		json_t *object = json_loads(line, 0, NULL);

		ck_assert_msg(object != NULL, "%s", line);
		json_array_append_new(record, object);
	}
	free(line);
	fclose(f);
	ck_assert_uint_gt(json_array_size(record), 15000);
	check_whole(record);
	json_decref(record);
}

START_TEST(a_slow_reader_does_not_slow_the_script)
{
	int fifo, err, status;
	pid_t pid = start_with_fifo("0", &fifo, &err);

	/* Nobody reads until the script is done. */
	live_wait_for_file("took", PATIENCE_S);
	check_rest(fifo);
	status = live_wait(pid, PATIENCE_S);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "0x%x: %s", (unsigned)status,
		      read_words(err));
}
END_TEST

START_TEST(a_full_disk_is_said_before_anything_starts)
{
	struct jail jail;

	jail_run(&jail, NULL, PATIENCE_S,
		 (const char *const[]){ "--record=/dev/full", "-c", "print('started')", NULL });
	ck_assert_int_eq(jail.status, 125);
	ck_assert_str_eq(jail.out, "");
	ck_assert_ptr_nonnull(strstr(jail.err, "No space left"));
	jail_free(&jail);
	ck_assert_int_eq(mkfifo(jail_path("fifo"), 0600), 0);
	jail_run(&jail, NULL, PATIENCE_S,
		 (const char *const[]){ "--record=fifo", "-c", "print('started')", NULL });
	ck_assert_int_eq(jail.status, 125);
	ck_assert_str_eq(jail.out, "");
	ck_assert_ptr_nonnull(strstr(jail.err, "nobody reads this pipe"));
	jail_free(&jail);
}
END_TEST

/* A limit on file size stands in for a disk that fills up in mid-run. */
START_TEST(a_disk_that_fills_up_leaves_whole_lines)
{
	struct jail jail;
	char command[512];

	jail_write_file("s.py", OPENS);
	snprintf(command, sizeof(command),
		 "ulimit -f 64; exec '%s' --python=/usr/bin/python3 --allow-write=took "
		 "--record=record.jsonl s.py 0", jail_program);
	/* load_record fails the test on half a line. */
	jail_run_program(&jail, "/bin/bash", NULL, PATIENCE_S,
			 (const char *const[]){ "-c", command, NULL });
	ck_assert_int_eq(jail.status, 125);
	ck_assert_ptr_nonnull(strstr(jail.err, "record is incomplete"));
	ck_assert_ptr_nonnull(jail_read_file("took"));
	ck_assert_uint_gt(json_array_size(jail.record), 50);
	jail_free(&jail);
}
END_TEST

START_TEST(the_script_cannot_touch_its_record)
{
	struct jail jail;

	live_script(&jail, NULL,
		    "import os\n"
		    "r = 'record.jsonl'\n"
		    "for f in (lambda: os.unlink(r), lambda: os.truncate(r, 0),\n"
		    "          lambda: open(r, 'a'), lambda: os.rename(r, 'x')):\n"
		    "    try: f(); print('done')\n"
		    "    except PermissionError: pass\n"
		    "print([n for n in range(3, 30) if os.path.exists(f'/proc/self/fd/{n}')])\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[]\n");
	check_whole(jail.record);
	jail_free(&jail);
}
END_TEST

/* Shell words, the script's target, and pyjail's status. */
static const struct naming {
	const char *words;
	const char *target;
	int status;
} namings[] = {
	{ "--record=/dev/fd/3 s.py target 3>target", "target", 0 },
	{ "--result-fd=3 s.py target 3>target", "target", 0 },
	{ "--result=/dev/fd/3 s.py target 3>target", "target", 0 },
	{ "--record=fifo s.py fifo 3<>fifo", "fifo", 0 },
	{ "--result=fifo s.py fifo 3<>fifo", "fifo", 0 },
	{ "--result=target s.py target", "target", 0 },
	{ "--record=/dev/stdout s.py target >target", "target", 125 },
	{ "--record=/dev/fd/3 s.py target >target 3>>target", "target", 125 },
	{ "--result-fd=3 s.py target 3>&2", "target", 125 },
	{ "--result=/dev/stderr s.py target", "target", 125 },
};

static void check_naming(const struct naming *naming)
{
	struct jail jail;
	char command[1024];

	snprintf(command, sizeof(command),
		 "exec '%s' --python=/usr/bin/python3 --quiet --allow-write=. %s", jail_program,
		 naming->words);
	jail_run_program(&jail, "/bin/bash", NULL, PATIENCE_S,
			 (const char *const[]){ "-c", command, NULL });
	ck_assert_msg(jail.status == naming->status, "%s: status %d: %s", naming->words,
		      jail.status, jail.err);
	if (naming->status == 0)
		ck_assert_str_eq(jail.out, "");
	else
		ck_assert_ptr_nonnull(strstr(jail.err, "the script writes there as well"));
	jail_free(&jail);
}

START_TEST(the_script_cannot_forge_it_however_it_is_named)
{
	ck_assert_int_eq(mkfifo(jail_path("fifo"), 0600), 0);
	jail_write_file("s.py",
			"import os, sys\n"
			"os.mkdir(f'.pyjail-result.{os.getppid()}')\n"
			"try: os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_NONBLOCK), b'forged')\n"
			"except OSError: sys.exit()\n"
			"sys.exit(3)\n");
	for (size_t i = 0; i < ARRAY_SIZE(namings); i++)
		check_naming(&namings[i]);
}
END_TEST

int main(void)
{
	return live_main("record", 100, (const TTest *const[]){
		every_line_is_whole_and_in_order, names_survive_as_they_are, long_names_are_whole,
		a_reader_that_goes_away_changes_nothing_for_the_script,
		a_slow_reader_does_not_slow_the_script, a_full_disk_is_said_before_anything_starts,
		a_disk_that_fills_up_leaves_whole_lines, the_script_cannot_touch_its_record,
		the_script_cannot_forge_it_however_it_is_named,
		NULL });
}
