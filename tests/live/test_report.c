/* SPDX-License-Identifier: Apache-2.0 */
/* test_report.c: `pyjail report` on what a run recorded, also while the run goes on. */
#include <fcntl.h>
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
#define NO_END "pyjail: the record has no end: it was cut off, or the run goes on\n"

#define SCRIPT \
	"import os\n" \
	"def save(name):\n" \
	"    with open(name, 'w') as f:\n" \
	"        f.write('x')\n" \
	"os.mkdir('out')\n" \
	"save('out/kept'); save('out/kept'); os.rename('out/kept', 'out/new')\n" \
	"for name in ['/etc/pyjail-a', '/etc/pyjail-a', '/etc/\\x1b[31mred\\n']:\n" \
	"    try: save(name)\n" \
	"    except OSError: pass\n"

#define REPORT(jail, ...) \
	jail_run_program((jail), jail_program, NULL, PATIENCE_S, \
			 (const char *const[]){ "report", __VA_ARGS__, NULL })

/* Runs SCRIPT; leaves jail_folder/record.jsonl. */
static void record_a_run(void)
{
	char allow[128];
	struct jail jail;

	snprintf(allow, sizeof(allow), "--allow-write=%s", jail_folder);
	live_script(&jail, (const char *const[]){ allow, NULL }, SCRIPT);
	live_check_status(&jail, 0);
	ck_assert_int_eq(jail_denied(&jail), 3);
	jail_free(&jail);
}

static void check_said(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in:\n%s", part, text);
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

START_TEST(a_run_is_reported)
{
	struct jail report;

	record_a_run();
	REPORT(&report, "record.jsonl");
	ck_assert_int_eq(report.status, 0);
	ck_assert_str_eq(report.err, "");
	check_said(report.out, "ended     exit status 0\n");
	check_said(report.out, ": 3 refused, ");
	check_said(report.out, "  DENY        2  write /etc/pyjail-a  ");
	check_said(report.out, "at s.py:3 in save()\n");
	check_said(report.out, "allow with  --allow-write=/etc/pyjail-a\n");
	check_said(report.out, "write /etc/\\x1b[31mred\\n ");
	check_said(report.out, "          2  out/kept\n");
	check_said(report.out, "          1  out/new\n");
	ck_assert_ptr_null(strchr(report.out, '\x1b'));
	jail_free(&report);
}
END_TEST

START_TEST(a_filter_chooses_events)
{
	struct jail report;

	record_a_run();
	REPORT(&report, "record.jsonl", "--filter=verdict=deny func=save");
	ck_assert_int_eq(report.status, 0);
	ck_assert_uint_eq(count_lines(report.out), 4);
	check_said(report.out, "  DENY   openat        /etc/pyjail-a  EACCES  s.py:3 in save()\n");
	check_said(report.out, "\n3 of ");
	jail_free(&report);
	REPORT(&report, "record.jsonl", "--filter=path=/etc/\\x1b[31mred\\n");
	ck_assert_uint_eq(count_lines(report.out), 2);
	/* Which line wrote this file? */
	jail_free(&report);
	REPORT(&report, "record.jsonl", "--filter=group=write path~out/kept call=openat");
	ck_assert_uint_eq(count_lines(report.out), 3);
	jail_free(&report);
	REPORT(&report, "record.jsonl", "--filter=calls=x");
	ck_assert_int_eq(report.status, 2);
	check_said(report.err, "unknown key\n        calls=x\n        ^\n        keys: call group");
	jail_free(&report);
}
END_TEST

/* The matching lines of the record, unchanged, and nothing else. */
START_TEST(json_lines_are_those_of_the_record)
{
	char expected[65536] = "";
	struct jail report;
	char *record, *line;

	record_a_run();
	REPORT(&report, "record.jsonl", "--filter=verdict=deny", "--format=json");
	ck_assert_int_eq(report.status, 0);
	record = strdup(jail_read_file("record.jsonl"));
	for (line = strtok(record, "\n"); line; line = strtok(NULL, "\n")) {
		if (strstr(line, "\"verdict\":\"deny\""))
			sprintf(expected + strlen(expected), "%s\n", line);
	}
	ck_assert_uint_eq(count_lines(expected), 3);
	ck_assert_str_eq(report.out, expected);
	free(record);
	jail_free(&report);
}
END_TEST

START_TEST(json_summary)
{
	struct jail report;
	json_t *object;

	record_a_run();
	REPORT(&report, "record.jsonl", "--format=json");
	ck_assert_int_eq(report.status, 0);
	ck_assert_uint_eq(count_lines(report.out), 1);
	object = json_loads(report.out, 0, NULL);
	ck_assert_ptr_nonnull(object);
	ck_assert_int_eq(json_integer_value(json_object_get(object, "denied")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(object, "refused"),
							    "total")), 3);
	json_decref(object);
	jail_free(&report);
}
END_TEST

/* ---- a record that is not whole ---- */

START_TEST(a_cut_record_is_said)
{
	struct jail report;
	char *record, *end;

	record_a_run();
	record = strdup(jail_read_file("record.jsonl"));
	end = strstr(record, "{\"type\":\"result\"");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	jail_write_file("cut.jsonl", record);
	REPORT(&report, "cut.jsonl");
	ck_assert_int_eq(report.status, 1);
	ck_assert_str_eq(report.err, NO_END);
	check_said(report.out, "it has no result\n");
	end[-20] = '\0';
	jail_write_file("cut.jsonl", record);
	jail_free(&report);
	REPORT(&report, "cut.jsonl", "--filter");
	ck_assert_int_eq(report.status, 1);
	ck_assert_str_eq(report.err, NO_END);
	free(record);
	jail_free(&report);
}
END_TEST

START_TEST(a_damaged_line_is_counted_and_the_rest_read)
{
	struct jail report;

	jail_write_file("r.jsonl", "{\"type\":\"start\",\"version\":1}\n{\"type\":\"call\",\n"
			"{\"type\":\"call\",\"call\":\"openat\"}\n{\"type\":\"result\",\"lost\":0}\n");
	REPORT(&report, "r.jsonl", "--filter=call=openat", "--format=json");
	ck_assert_int_eq(report.status, 1);
	ck_assert_str_eq(report.out, "{\"type\":\"call\",\"call\":\"openat\"}\n");
	check_said(report.err, "pyjail: line 2 cannot be read (");
	jail_free(&report);
}
END_TEST

static const struct {
	const char *text, *said;
} refused[] = {
	{ "", "r.jsonl: empty: nothing was recorded, so far" },
	{ "print(1)\n", "r.jsonl: not a record: its first line is no start" },
	{ "{\"type\":\"start\",\"version\":9}\n", "r.jsonl: a record of version 9" },
};

START_TEST(what_is_no_record_is_refused)
{
	struct jail report;

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		jail_write_file("r.jsonl", refused[i].text);
		REPORT(&report, "r.jsonl");
		ck_assert_int_eq(report.status, 2);
		ck_assert_str_eq(report.out, "");
		check_said(report.err, refused[i].said);
		jail_free(&report);
	}
	REPORT(&report, ".");
	ck_assert_int_eq(report.status, 2);
	jail_free(&report);
	REPORT(&report, "not-there");
	ck_assert_int_eq(report.status, 2);
	check_said(report.err, "not-there: No such file");
	jail_free(&report);
	REPORT(&report, "r.jsonl", "r.jsonl");
	ck_assert_int_eq(report.status, 2);
	jail_free(&report);
}
END_TEST

/* ---- standard input and output ---- */

/* pyjail report in the background, with these for stdout and stderr. */
static pid_t start(int out, int err, const char *const words[])
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid != 0)
		return pid;
	if (dup2(out, 1) < 0 || dup2(err, 2) < 0 || chdir(jail_folder) < 0)
		_exit(99);
	execv(jail_program, (char *const *)words);
	_exit(98);
}

#define START(out, err, ...) \
	start((out), (err), (const char *const[]){ "pyjail", "report", __VA_ARGS__, NULL })

START_TEST(standard_input_is_read)
{
	struct jail report;

	record_a_run();
	jail_run_program(&report, jail_program, jail_read_file("record.jsonl"), PATIENCE_S,
			 (const char *const[]){ "report", "-", "--filter=verdict=deny", NULL });
	ck_assert_int_eq(report.status, 0);
	ck_assert_uint_eq(count_lines(report.out), 4);
	jail_free(&report);
}
END_TEST

/* The reader goes away: it ends as cat would. */
START_TEST(a_broken_pipe_ends_it)
{
	int ends[2], status;
	pid_t pid;

	record_a_run();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	pid = START(ends[1], 2, "record.jsonl");
	close(ends[1]);
	status = live_wait(pid, PATIENCE_S);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}
END_TEST

START_TEST(a_full_disk_is_said)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), status;
	int err = open(jail_path("err"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	record_a_run();
	status = live_wait(START(full, err, "record.jsonl", "--filter"), PATIENCE_S);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 125);
	ck_assert_str_eq(jail_read_file("err"),
			 "pyjail: the report cannot be written: No space left on device\n");
	close(full);
	close(err);
}
END_TEST

/* ---- while it is being written ---- */

static void append(const char *text)
{
	int fd = open(jail_path("live.jsonl"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* Until the output is this; fails after a while. */
static void wait_for_output(const char *text)
{
	const char *found = "";

	for (double end = live_now_s() + PATIENCE_S; live_now_s() < end; live_sleep(0.02)) {
		found = jail_read_file("out");
		if (found && !strcmp(found, text))
			return;
	}
	ck_abort_msg("\"%s\" is not \"%s\"", found ? found : "", text);
}

static pid_t start_following(const char *format)
{
	int out = open(jail_path("out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	pid_t pid = START(out, 2, "--follow", "--filter=call=a", format, "live.jsonl");

	close(out);
	return pid;
}

START_TEST(a_growing_record_is_followed_to_its_result)
{
	int status;
	pid_t pid;

	append("{\"type\":\"start\",\"version\":1}\n{\"type\":\"call\",\"call\":\"a\"}\n{\"type\":");
	pid = start_following("--format=json");
	wait_for_output("{\"type\":\"call\",\"call\":\"a\"}\n");
	append("\"call\",\"call\":\"a\",\"n\":2}\n{\"type\":\"call\",\"call\":\"b\"}\n");
	wait_for_output("{\"type\":\"call\",\"call\":\"a\"}\n{\"type\":\"call\",\"call\":\"a\",\"n\":2}\n");
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	append("{\"type\":\"result\",\"lost\":0}\n");
	status = live_wait(pid, PATIENCE_S);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(ctrl_c_ends_the_following_with_a_total)
{
	int status;
	pid_t pid;

	append("{\"type\":\"start\",\"version\":1}\n{\"type\":\"call\",\"call\":\"a\",\"pid\":7,\"t\":2}\n");
	pid = start_following("--format=text");
	wait_for_output("    2.000000       7  -      a             -\n");
	kill(pid, SIGINT);
	status = live_wait(pid, PATIENCE_S);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	wait_for_output("    2.000000       7  -      a             -\n1 of 1 events\n");
}
END_TEST

/* Until a handler is there: before that Ctrl-C ends it, as it should. */
static void wait_for_handler(pid_t pid)
{
	for (double end = live_now_s() + PATIENCE_S; live_now_s() < end; live_sleep(0.005)) {
		char path[64], text[4096] = "";
		const char *caught;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/status", pid);
		f = fopen(path, "r");
		ck_assert_ptr_nonnull(f);
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
		caught = strstr(text, "SigCgt:\t");
		if (caught && strtoull(caught + 8, NULL, 16) & 1u << (SIGINT - 1))
			return;
	}
	ck_abort_msg("no handler");
}

/* In the midst of a long one: what was read until then is told. */
START_TEST(ctrl_c_in_mid_record_ends_with_what_was_read)
{
	static char lines[32 << 10];
	int out = open(jail_path("out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), status;
	pid_t pid;

	for (size_t i = 0; i + 32 < sizeof(lines); i = strlen(lines))
		strcat(lines, "{\"type\":\"call\",\"call\":\"a\"}\n");
	append("{\"type\":\"start\",\"version\":1}\n");
	for (size_t i = 0; i < 1000; i++)
		append(lines);
	pid = START(out, 2, "--follow", "live.jsonl");
	close(out);
	wait_for_handler(pid);
	live_sleep(0.1);
	kill(pid, SIGINT);
	status = live_wait(pid, PATIENCE_S);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	check_said(jail_read_file("out"), "ended     not yet, or the record was cut off");
	check_said(jail_read_file("out"), "Calls\n");
}
END_TEST

START_TEST(a_record_that_is_emptied_ends_the_following)
{
	int status;
	pid_t pid;

	append("{\"type\":\"start\",\"version\":1}\n{\"type\":\"call\",\"call\":\"a\"}\n");
	pid = start_following("--format=json");
	wait_for_output("{\"type\":\"call\",\"call\":\"a\"}\n");
	ck_assert_int_eq(truncate(jail_path("live.jsonl"), 0), 0);
	status = live_wait(pid, PATIENCE_S);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 125);
}
END_TEST

int main(void)
{
	return live_main("report", 100, (const TTest *const[]){
		a_run_is_reported, a_filter_chooses_events, json_lines_are_those_of_the_record,
		json_summary, a_cut_record_is_said, a_damaged_line_is_counted_and_the_rest_read,
		what_is_no_record_is_refused, standard_input_is_read, a_broken_pipe_ends_it,
		a_full_disk_is_said, a_growing_record_is_followed_to_its_result,
		ctrl_c_ends_the_following_with_a_total,
		ctrl_c_in_mid_record_ends_with_what_was_read,
		a_record_that_is_emptied_ends_the_following,
		NULL });
}
