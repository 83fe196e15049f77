/* SPDX-License-Identifier: Apache-2.0 */
/* test_ask.c: questions over the wire, and answers: once, for this run, none. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/grant.h"
#include "tests/support/screen_link.h"

#define BEGIN \
	"import errno, os, signal, socket, subprocess, sys, threading, time\n" \
	"def say(x): print(x, flush=True)\n" \
	"def tried(f, *a):\n" \
	"    try: r = f(*a); return 'ok'\n" \
	"    except OSError as e: return errno.errorcode.get(e.errno, str(e.errno))\n" \
	"def new(name): return tried(os.open, name, os.O_WRONLY | os.O_CREAT)\n" \
	"def wait():\n" \
	"    while not os.path.exists('go'): time.sleep(0.01)\n" \
	"def start(f, *a):\n" \
	"    t = threading.Thread(target=f, args=a); t.start(); return t\n"

#define RULES "allow read @\nask write @\nask read @/secret\n"

static const char *event_path(const struct screen_link *link)
{
	return link->event.event.event.path ? link->event.event.event.path : "";
}

static void check_question(const struct screen_link *link, const char *call, const char *name)
{
	ck_assert_str_eq(link->event.event.event.call, call);
	ck_assert_str_eq(event_path(link), jail_path(name));
}

static void check_end(struct screen_link *link, const char *out)
{
	int status = link_end(link);

	ck_assert_msg(status == 0, "status %d: %s", status, link->out);
	ck_assert_msg(strstr(link->out, out), "no \"%s\" in: %s", out, link->out);
	live_check_nothing_left(1);
	link_free(link);
}

START_TEST(an_answer_counts_once)
{
	struct screen_link *link = link_new(RULES);
	uint64_t first, second;

	link_start(link, BEGIN "say('<%s %s>' % (new('a'), new('a')))\n");
	first = link_question(link);
	check_question(link, "openat", "a");
	ck_assert_str_eq(link->event.event.event.action, "write");
	ck_assert_str_eq(link->event.event.event.effects, "create");
	ck_assert_ptr_nonnull(strstr(link->event.event.event.rule, "ask write"));
	ck_assert_int_ne(access(jail_path("a"), F_OK), 0);
	link_answer(link, first, true, "");
	second = link_question(link);
	ck_assert_uint_ne(first, second);
	/* The same number again is nobody's. */
	link_answer(link, first, true, "");
	link_expect_nothing(link, 0.2);
	link_answer(link, second, false, "");
	check_end(link, "<ok EACCES>");
	ck_assert_uint_eq(link_recorded("once", "allow"), 1);
	ck_assert_uint_eq(link_recorded("once", "deny"), 1);
}
END_TEST

START_TEST(every_kind_can_be_answered)
{
	struct screen_link *link = link_new(RULES "ask exec /usr/bin/true\n");
	static const char *const calls[] = { "openat", "openat", "mkdir", "symlink", "rename",
					     "unlink", "chmod", "execve" };

	jail_write_file("secret", "x");
	jail_write_file("old", "x");
	jail_write_file("gone", "x");
	link_start(link, BEGIN
		   "r = [tried(open, 'secret'), tried(open, 'old', 'r+'), tried(os.mkdir, 'd'),\n"
		   "     tried(os.symlink, 'x', 'l'), tried(os.rename, 'old', 'older'),\n"
		   "     tried(os.unlink, 'gone'), tried(os.chmod, 'secret', 0o600)]\n"
		   "pid = os.fork()\n"
		   "if pid == 0:\n"
		   "    try: os.execv('/usr/bin/true', ['true'])\n"
		   "    except OSError as e: os._exit(e.errno)\n"
		   "r.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
		   "say(r)\n");
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		uint64_t question = link_question(link);

		ck_assert_str_eq(link->event.event.event.call, calls[i]);
		link_answer(link, question, _i == 0, "");
	}
	if (_i == 0)
		check_end(link, "['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 0]");
	else
		check_end(link, "['EACCES', 'EACCES', 'EACCES', 'EACCES', 'EACCES', 'EACCES', "
				"'EACCES', 13]");
}
END_TEST

START_TEST(a_bare_ask_asks_for_the_rest)
{
	struct screen_link *link = link_new("allow read @\ndeny write @/no\n");
	uint64_t question;

	link->asks = true;
	link_start(link, BEGIN
		   "try: os.kill(os.getppid(), 0); k = 'ok'\n"
		   "except PermissionError: k = 'EPERM'\n"
		   "say('<%s %s %s %s>' % (new('no'), k, new('a'), os.access('b', os.W_OK)))\n");
	question = link_question(link);
	check_question(link, "openat", "a");
	ck_assert_str_eq(link->event.event.event.reason, "no rule allows it");
	link_answer(link, question, true, "");
	check_end(link, "<EACCES EPERM ok False>");
}
END_TEST

START_TEST(a_rule_counts_for_this_run)
{
	struct screen_link *link = link_new(RULES);
	char rule[256];
	uint64_t question;

	link_start(link, BEGIN "say('<%s %s %s>' % (new('a'), new('a'), new('b')))\n");
	question = link_question(link);
	ck_assert_uint_gt(grant_print(VERDICT_ALLOW, link->event.event.event.class,
				      event_path(link), rule, sizeof(rule)), 0);
	link_answer(link, question, true, rule);
	question = link_question(link);
	check_question(link, "openat", "b");
	snprintf(rule, sizeof(rule), "deny write %s", jail_folder);
	link_answer(link, question, false, rule);
	check_end(link, "<ok ok EACCES>");
	ck_assert_uint_eq(link_recorded("run", "allow"), 1);
	ck_assert_uint_eq(link_recorded("run", "deny"), 1);
}
END_TEST

/* Saving by a new file that takes the old one's place: the name that was granted gives more. */
START_TEST(a_gain_is_asked_for)
{
	struct screen_link *link = link_new(RULES);
	char rule[256];
	uint64_t question;

	link_start(link, BEGIN
		   "say('<%s %s %s>' % (new('a'), new('b'), tried(os.rename, 'b', 'a')))\n");
	question = link_question(link);
	snprintf(rule, sizeof(rule), "allow write %s", jail_path("a"));
	link_answer(link, question, true, rule);
	link_answer(link, link_question(link), true, "");
	question = link_question(link);
	ck_assert_str_eq(link->event.event.event.call, "rename");
	ck_assert_str_eq(event_path(link), jail_path("b"));
	ck_assert_str_eq(link->event.event.event.path2, jail_path("a"));
	link_answer(link, question, true, "");
	check_end(link, "<ok ok ok>");
}
END_TEST

/* Answering one answers all that the rule covers, and only those. */
START_TEST(twins_are_answered_at_once)
{
	struct screen_link *link = link_new(RULES);
	uint64_t questions[6], other = 0;
	unsigned withdrawn = 0;
	char rule[256];

	ck_assert_int_eq(mkdir(jail_path("d"), 0700), 0);
	link_start(link, BEGIN
		   "said = {}\n"
		   "def make(n): said[n] = new(n)\n"
		   "ts = [start(make, n) for n in ('d/0', 'd/1', 'd/2', 'd/3', 'd/4', 'e')]\n"
		   "[t.join() for t in ts]\n"
		   "say('<%s>' % [said[n] for n in sorted(said)])\n");
	for (int i = 0; i < 6; i++) {
		questions[i] = link_question(link);
		if (strcmp(event_path(link), jail_path("e")) == 0)
			other = questions[i];
	}
	ck_assert_uint_ne(other, 0);
	snprintf(rule, sizeof(rule), "allow write %s", jail_path("d"));
	link_answer(link, questions[questions[0] == other], true, rule);
	for (; withdrawn < 4; withdrawn++) {
		link_expect(link, WIRE_WITHDRAWN);
		ck_assert_uint_ne(link->message.head.question, other);
	}
	link_answer(link, other, false, "");
	check_end(link, "<['ok', 'ok', 'ok', 'ok', 'ok', 'EACCES']>");
	ck_assert_uint_eq(link_recorded("grant", "allow"), 4);
}
END_TEST

static const char *const bad_rules[] = {
	"alow write /", "allow write relative", "ask write /", "kill write /", "allow env X", "# x",
};

START_TEST(a_bad_rule_counts_once)
{
	struct screen_link *link = link_new(RULES);
	uint64_t question;

	link_start(link, BEGIN "say('<%s %s>' % (new('a'), new('a')))\n");
	question = link_question(link);
	link_answer(link, question, true, bad_rules[_i]);
	link_expect(link, WIRE_NOTE);
	ck_assert_ptr_nonnull(strstr(link->message.body, "counts once"));
	link_answer(link, link_question(link), false, "");
	check_end(link, "<ok EACCES>");
}
END_TEST

/* The script puts a link where the rule points while somebody thinks: it grants nothing. */
START_TEST(a_rule_follows_no_link)
{
	struct screen_link *link = link_new("allow read @\nallow write @\nask write @/d\n"
					    "ask write @/t\n");
	char rule[256];
	uint64_t question;

	ck_assert_int_eq(mkdir(jail_path("t"), 0700), 0);
	link_start(link, BEGIN
		   "t = start(lambda: say(new('d')))\n"
		   "os.symlink('t', 'e')\n"
		   "t.join()\n"
		   "say('<%s>' % new('t/x'))\n");
	question = link_question(link);
	snprintf(rule, sizeof(rule), "allow write %s", jail_path("e"));
	live_wait_for_file("e", 5);
	link_answer(link, question, true, rule);
	link_expect(link, WIRE_NOTE);
	ck_assert_ptr_nonnull(strstr(link->message.body, "symbolic link"));
	link_answer(link, link_question(link), false, "");
	check_end(link, "<EACCES>");
}
END_TEST

START_TEST(wrong_answers_are_ignored)
{
	struct screen_link *link = link_new(RULES);
	struct wire_head head = { .version = WIRE_VERSION, .kind = WIRE_ANSWER, .flag = 1 };
	uint64_t question;

	link_start(link, BEGIN "say('<%s>' % new('a'))\n");
	question = link_question(link);
	for (uint64_t i = 0; i < 5000; i++)
		if (i != question)
			while (wire_send(link->wire, WIRE_ANSWER, i, true,
					 i % 2 ? "allow write /" : "", i % 2 ? 13 : 0) == -EAGAIN)
				live_sleep(0.001);
	/* Packets that are none. */
	head.question = question;
	head.version++;
	ck_assert_int_gt(send(link->wire, &head, sizeof(head), 0), 0);
	head.version--;
	head.size = 1;
	ck_assert_int_gt(send(link->wire, &head, sizeof(head), 0), 0);
	head.size = 0;
	head.flag = 2;
	ck_assert_int_gt(send(link->wire, &head, sizeof(head), 0), 0);
	ck_assert_int_gt(send(link->wire, &head, sizeof(head) - 1, 0), 0);
	head.flag = 1;
	head.kind = WIRE_ASK;
	ck_assert_int_gt(send(link->wire, &head, sizeof(head), 0), 0);
	link_expect_nothing(link, 0.3);
	ck_assert_int_ne(access(jail_path("a"), F_OK), 0);
	link_answer(link, question, false, "");
	check_end(link, "<EACCES>");
}
END_TEST

START_TEST(others_go_on_while_one_waits)
{
	struct screen_link *link = link_new(RULES);
	uint64_t question;

	jail_write_file("f", "x");
	link_start(link, BEGIN
		   "t = start(lambda: say(new('a')))\n"
		   "for i in range(200): open('f').close()\n"
		   "say('<went on>')\n"
		   "t.join()\n"
		   "say('<over>')\n");
	question = link_question(link);
	link_wait_for(link, "<went on>", 10);
	link_answer(link, question, true, "");
	check_end(link, "<over>");
}
END_TEST

/* ---- withdrawn ---- */

START_TEST(withdrawn_when_its_process_dies)
{
	struct screen_link *link = link_new(RULES);
	uint64_t question;

	link_start(link, BEGIN
		   "pid = os.fork()\n"
		   "if pid == 0: new('a'); os._exit(0)\n"
		   "wait()\n"
		   "os.kill(pid, 9)\n"
		   "say('<%d>' % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n");
	question = link_question(link);
	jail_write_file("go", "");
	link_expect(link, WIRE_WITHDRAWN);
	ck_assert_uint_eq(link->message.head.question, question);
	link_answer(link, question, true, "");
	check_end(link, "<-9>");
	ck_assert_int_ne(access(jail_path("a"), F_OK), 0);
	ck_assert_uint_eq(link_recorded("withdrawn", "error"), 1);
}
END_TEST

START_TEST(withdrawn_for_a_signal)
{
	struct screen_link *link = link_new(RULES);
	uint64_t question;

	link_start(link, BEGIN
		   "def hear(*a): say('<heard>')\n"
		   "signal.signal(signal.SIGALRM, hear)\n"
		   "start(lambda: (wait(), signal.setitimer(signal.ITIMER_REAL, 0.05)))\n"
		   "say('<%s>' % new('a'))\n");
	question = link_question(link);
	jail_write_file("go", "");
	link_expect(link, WIRE_WITHDRAWN);
	ck_assert_uint_eq(link->message.head.question, question);
	/* The interpreter asks again: PEP 475. */
	question = link_question(link);
	link_answer(link, question, true, "");
	link_wait_for(link, "<heard>", 5);
	check_end(link, "<ok>");
}
END_TEST

START_TEST(withdrawn_at_the_end)
{
	struct screen_link *link = link_new(RULES);

	link_start(link, BEGIN "start(new, 'a')\nwait()\nos._exit(3)\n");
	link_question(link);
	jail_write_file("go", "");
	link_expect(link, WIRE_WITHDRAWN);
	ck_assert_int_eq(link_end(link), 3);
	link_free(link);
}
END_TEST

/* ---- attacks ---- */

/* Another thread rewrites the path in memory, again and again, while the question waits. */
START_TEST(the_path_in_memory_is_not_read_again)
{
	struct screen_link *link = link_new("allow read @\nask write @\n");
	uint64_t question;

	jail_write_file("guarded", "precious");
	link_start(link, BEGIN
		   "import ctypes\n"
		   "libc = ctypes.CDLL(None, use_errno=True)\n"
		   "path = ctypes.create_string_buffer(b'shown__')\n"
		   "def swap():\n"
		   "    for i in range(2000):\n"
		   "        path.raw = b'guarded\\0'; time.sleep(0.0005)\n"
		   "t = start(lambda: say(libc.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)))\n"
		   "wait()\n"
		   "start(swap).join(0.4)\n"
		   "say('<swapped>')\n"
		   "t.join(); os._exit(0)\n");
	question = link_question(link);
	check_question(link, "openat", "shown__");
	jail_write_file("go", "");
	link_wait_for(link, "<swapped>", 10);
	link_answer(link, question, true, "");
	link_end(link);
	ck_assert_str_eq(jail_read_file("guarded"), "precious");
	ck_assert_str_eq(jail_read_file("shown__"), "");
	link_free(link);
}
END_TEST

/* On disk: each of these makes the shown name another file; the answer is about what was shown. */
static const struct {
	const char *call, *swap;
} swaps[] = {
	{ "new('shown')", "os.symlink('guarded', 'shown')" },
	{ "tried(os.truncate, 'old', 0)", "os.rename('old', 'x'); os.symlink('guarded', 'old')" },
	{ "tried(os.unlink, 'old')", "os.rename('old', 'x'); os.rename('mine', 'old')" },
	{ "tried(os.rename, 'old', 'd/new')", "os.rename('old', 'x'); os.mkdir('old')" },
	{ "new('d/shown')", "os.rename('d', 'e'); os.symlink('other', 'd')" },
	{ "tried(os.mkdir, 'd/shown')", "os.rename('d', 'e'); os.symlink('other', 'd')" },
};

START_TEST(what_is_shown_is_what_is_done)
{
	struct screen_link *link = link_new("allow read @\nallow write @\nask write @/shown,@/d/new,@/d/shown\n"
					    "ask write @/old\ndeny write @/guarded,@/other\nallow write @/mine\n");
	char code[2048];
	uint64_t question;

	jail_write_file("guarded", "precious");
	jail_write_file("old", "old");
	jail_write_file("mine", "mine");
	ck_assert_int_eq(mkdir(jail_path("d"), 0700), 0);
	ck_assert_int_eq(mkdir(jail_path("other"), 0700), 0);
	snprintf(code, sizeof(code), BEGIN "say('[' + %s + ']')\n", swaps[_i].call);
	link_start(link, code);
	question = link_question(link);
	/* From outside, so that no rule stands in the way: a script may have other helpers. */
	snprintf(code, sizeof(code), "cd '%s' && python3 -c \"import os; %s\"", jail_folder,
		 swaps[_i].swap);
	ck_assert_int_eq(system(code), 0);
	link_answer(link, question, true, "");
	check_end(link, "[E");
	ck_assert_str_eq(jail_read_file("guarded"), "precious");
	ck_assert_int_ne(access(jail_path("other/shown"), F_OK), 0);
}
END_TEST

/* The file that the descriptor holds is opened, whatever the name leads to now: or nothing. */
START_TEST(a_replaced_program_is_not_run)
{
	struct screen_link *link = link_new("allow read @\nask exec @\n");
	char command[256];
	uint64_t question;

	snprintf(command, sizeof(command), "cp /usr/bin/true /usr/bin/false '%s'", jail_folder);
	ck_assert_int_eq(system(command), 0);
	link_start(link, BEGIN
		   "pid = os.fork()\n"
		   "if pid == 0:\n"
		   "    try: os.execv('true', ['true'])\n"
		   "    except OSError as e: os._exit(e.errno)\n"
		   "say('<%d>' % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n");
	question = link_question(link);
	ck_assert_int_eq(rename(jail_path("false"), jail_path("true")), 0);
	link_answer(link, question, true, "");
	check_end(link, "<13>");
}
END_TEST

/* A script and the program of its #! line are two questions. */
START_TEST(an_interpreter_is_asked_for)
{
	struct screen_link *link = link_new("allow read @\nask exec @\nask exec /usr/bin/true\n");

	jail_write_file("tool", "#!/usr/bin/true\n");
	ck_assert_int_eq(chmod(jail_path("tool"), 0700), 0);
	link_start(link, BEGIN
		   "pid = os.fork()\n"
		   "if pid == 0:\n"
		   "    try: os.execv(os.path.abspath('tool'), ['tool'])\n"
		   "    except OSError as e: os._exit(e.errno)\n"
		   "say('<%d>' % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n");
	link_answer(link, link_question(link), true, "");
	link_question(link);
	ck_assert_str_eq(event_path(link), "/usr/bin/true");
	link_answer(link, link->message.head.question, _i == 0, "");
	check_end(link, _i == 0 ? "<0>" : "<13>");
}
END_TEST

int main(void)
{
	return live_main_loops("ask", 60, (const struct live_loop[]){
		{ an_answer_counts_once, 1 }, { every_kind_can_be_answered, 2 },
		{ a_bare_ask_asks_for_the_rest, 1 }, { a_rule_counts_for_this_run, 1 },
		{ a_gain_is_asked_for, 1 },
		{ twins_are_answered_at_once, 1 },
		{ a_bad_rule_counts_once, ARRAY_SIZE(bad_rules) }, { a_rule_follows_no_link, 1 },
		{ wrong_answers_are_ignored, 1 }, { others_go_on_while_one_waits, 1 },
		{ withdrawn_when_its_process_dies, 1 }, { withdrawn_for_a_signal, 1 },
		{ withdrawn_at_the_end, 1 }, { the_path_in_memory_is_not_read_again, 1 },
		{ what_is_shown_is_what_is_done, ARRAY_SIZE(swaps) },
		{ a_replaced_program_is_not_run, 1 }, { an_interpreter_is_asked_for, 2 },
		{ NULL, 0 } });
}
