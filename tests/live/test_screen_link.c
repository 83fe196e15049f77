/* SPDX-License-Identifier: Apache-2.0 */
/* test_screen_link.c: the screen goes, freezes, ends; the script's own terminal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/support/screen_link.h"

#define BEGIN \
	"import errno, fcntl, os, signal, struct, sys, termios, threading, time\n" \
	"def say(x): os.write(1, (str(x) + '\\n').encode())  # also from a handler\n" \
	"def tried(f, *a):\n" \
	"    try: r = f(*a); return 'ok'\n" \
	"    except OSError as e: return errno.errorcode.get(e.errno, str(e.errno))\n" \
	"def new(name): return tried(os.open, name, os.O_WRONLY | os.O_CREAT)\n" \
	"def note(text):\n" \
	"    with open('log', 'a') as f: f.write(text + ' ')\n"

/* Notes are allowed, so that a script without a screen can still be heard. */
#define RULES "allow read @\nask write @\nallow write @/log\n"

static struct screen_link *start(const char *code)
{
	struct screen_link *link = link_new(RULES);

	jail_write_file("log", "");
	link_start(link, code);
	return link;
}

static void close_wire(struct screen_link *link)
{
	close(link->wire);
	link->wire = -1;
}

static void close_screen(struct screen_link *link)
{
	close_wire(link);
	close(link->master);
	link->master = -1;
}

static void check_end(struct screen_link *link, int status)
{
	int got = link_end(link);

	ck_assert_msg(got == status, "status %d, not %d: %s", got, status, link->out);
	live_check_nothing_left(1);
	link_free(link);
}

/* ---- a screen that goes ---- */

START_TEST(a_lost_screen_refuses_and_the_script_goes_on)
{
	struct screen_link *link = start(BEGIN
		"note(new('a')); note(new('b'))\n"
		"for i in range(3000): print('x' * 40)\n"
		"note('over')\n"
		"sys.stdout.flush(); os._exit(7)\n");

	link_question(link);
	close_screen(link);
	ck_assert_int_eq(link_wait(link), 7);
	ck_assert_str_eq(jail_read_file("log"), "EACCES EACCES over ");
	ck_assert_uint_eq(link_recorded("screen gone", "deny"), 2);
	link_free(link);
}
END_TEST

START_TEST(a_lost_screen_can_end_the_script)
{
	struct screen_link *link = link_new(RULES);

	link->kills_on_loss = true;
	link_start(link, BEGIN "new('a')\ntime.sleep(60)\n");
	link_question(link);
	close_screen(link);
	ck_assert_int_eq(link_wait(link), 128 + SIGKILL);
	live_check_nothing_left(1);
	link_free(link);
}
END_TEST

START_TEST(a_screen_that_leaves_ends_nothing)
{
	struct screen_link *link = link_new(RULES);

	jail_write_file("log", "");
	link->kills_on_loss = true;
	link_start(link, BEGIN "note(new('a')); note(new('b'))\nsay('<heard>')\nos._exit(7)\n");
	link_question(link);
	link_send(link, WIRE_LEAVE, false);
	link_wait_for(link, "<heard>", 10);
	check_end(link, 7);
	ck_assert_str_eq(jail_read_file("log"), "EACCES EACCES ");
}
END_TEST

START_TEST(a_lost_screen_releases_what_it_froze)
{
	struct screen_link *link = start(BEGIN
		"say('<here>')\n"
		"for i in range(50): note('.'); time.sleep(0.01)\n"
		"os._exit(7)\n");

	link_wait_for(link, "<here>", 10);
	link_send(link, WIRE_FREEZE, true);
	live_sleep(0.2);
	close_screen(link);
	ck_assert_int_eq(link_wait(link), 7);
	link_free(link);
}
END_TEST

/* Nobody reads the wire: more questions than it holds wait their turn, none is lost. */
START_TEST(a_full_wire_blocks_nobody)
{
	struct screen_link *link = start(BEGIN
		"def make(i): tried(os.mkdir, '/'.join(['.'] * 1500) + '/%0200d' % i)\n"
		"ts = [threading.Thread(target=make, args=(i,)) for i in range(200)]\n"
		"[t.start() for t in ts]\n"
		"time.sleep(1)\n"
		"say('<went on>')\n"
		"[t.join() for t in ts]\n"
		"say('<over>')\n");

	link_wait_for(link, "<went on>", 20);
	for (int i = 0; i < 200; i++)
		link_answer(link, link_question(link), i % 2, "");
	link_wait_for(link, "<over>", 20);
	check_end(link, 0);
	ck_assert_uint_eq(link_recorded("once", "allow"), 100);
	ck_assert_uint_eq(link_recorded("once", "deny"), 100);
}
END_TEST

/* ---- freeze, end, counters ---- */

static size_t log_size(void)
{
	const char *text = jail_read_file("log");

	return text ? strlen(text) : 0;
}

static struct ring_counts counts_of(const struct screen_link *link)
{
	struct ring_counts counts;

	ring_read_counts(link->ring, &counts);
	return counts;
}

/* On a busy machine a message takes its time. */
static void wait_until_frozen(const struct screen_link *link, bool is_frozen)
{
	for (int i = 0; i < 500 && counts_of(link).is_frozen != is_frozen; i++)
		live_sleep(0.01);
	ck_assert(counts_of(link).is_frozen == is_frozen);
}

static void wait_until_larger(size_t before)
{
	for (int i = 0; i < 500 && log_size() <= before; i++)
		live_sleep(0.01);
	ck_assert_uint_gt(log_size(), before);
}

#define NOTES BEGIN "say('<here>')\n" \
	"until = time.monotonic() + 60\n" \
	"while not os.path.exists('stop') and time.monotonic() < until: note('.')\n"

START_TEST(freezing_holds_and_releasing_goes_on)
{
	struct screen_link *link = start(NOTES);
	size_t before;

	for (int i = 0; i < 3; i++) {
		link_wait_for(link, "<here>", 10);
		link_send(link, WIRE_FREEZE, true);
		wait_until_frozen(link, true);
		/* The write that was let through last. */
		live_sleep(0.2);
		before = log_size();
		live_sleep(0.3);
		ck_assert_uint_eq(log_size(), before);
		link_send(link, WIRE_FREEZE, false);
		wait_until_frozen(link, false);
		wait_until_larger(before);
	}
	jail_write_file("stop", "");
	check_end(link, 0);
}
END_TEST

START_TEST(a_frozen_script_can_be_ended)
{
	struct screen_link *link = start(NOTES);

	link_wait_for(link, "<here>", 10);
	link_send(link, WIRE_FREEZE, true);
	live_sleep(0.1);
	link_send(link, WIRE_END, false);
	check_end(link, 128 + SIGKILL);
}
END_TEST

START_TEST(limits_hold_while_frozen)
{
	struct screen_link *link = link_new(RULES);
	double begin = live_now_s();

	jail_write_file("log", "");
	link->limits.time_ms = 1500;
	link_start(link, NOTES);
	link_wait_for(link, "<here>", 10);
	link_send(link, WIRE_FREEZE, true);
	check_end(link, 124);
	ck_assert(live_now_s() - begin < 10);
}
END_TEST

/* SIGTERM is passed on; a script that cannot take it, being frozen, is killed in time. */
START_TEST(a_signal_ends_a_frozen_script)
{
	struct screen_link *link = start(NOTES);

	link_wait_for(link, "<here>", 10);
	link_send(link, WIRE_FREEZE, true);
	live_sleep(0.1);
	kill(link->tracer, SIGTERM);
	check_end(link, 128 + SIGKILL);
}
END_TEST

START_TEST(a_question_can_be_answered_while_frozen)
{
	struct screen_link *link = start(BEGIN "r = new('a')\nsay('<%s>' % r)\n");
	uint64_t question = link_question(link);

	link_send(link, WIRE_FREEZE, true);
	live_sleep(0.1);
	link_answer(link, question, true, "");
	live_wait_for_file("a", 5);
	link_send(link, WIRE_FREEZE, false);
	link_wait_for(link, "<ok>", 10);
	check_end(link, 0);
}
END_TEST

START_TEST(the_ring_tells_what_goes_on)
{
	struct screen_link *link = start(BEGIN
		"ts = [threading.Thread(target=new, args=(n,)) for n in 'abc']\n"
		"[t.start() for t in ts]; [t.join() for t in ts]\n");
	uint64_t questions[3];

	for (int i = 0; i < 3; i++)
		questions[i] = link_question(link);
	for (int i = 0; i < 500 && counts_of(link).waiting < 3; i++)
		live_sleep(0.01);
	ck_assert_uint_eq(counts_of(link).waiting, 3);
	ck_assert_uint_eq(counts_of(link).tasks, 4);
	for (int i = 0; i < 3; i++)
		link_answer(link, questions[i], i > 0, "");
	ck_assert_int_eq(link_end(link), 0);
	ck_assert_uint_eq(counts_of(link).asked, 3);
	ck_assert_uint_eq(counts_of(link).denied, 1);
	ck_assert_uint_eq(counts_of(link).waiting, 0);
	link_free(link);
}
END_TEST

/* ---- the script's terminal ---- */

START_TEST(it_has_a_session_and_a_terminal)
{
	struct screen_link *link = start(BEGIN
		"say('<%s>' % [os.isatty(i) for i in (0, 1, 2)])\n"
		"say('<%s %s>' % (os.getsid(0) == os.getpid(), os.tcgetpgrp(0) == os.getpgrp()))\n"
		"f = os.open('/dev/tty', os.O_RDWR)\n"
		"say('<tty %s>' % (os.fstat(f).st_rdev == os.fstat(0).st_rdev))\n"
		"os.write(f, b'<through tty>')\n"
		"say('<%s>' % (os.get_terminal_size(),))\n"
		"say('<%s>' % sys.stdin.readline().strip())\n");

	link_wait_for(link, "<[True, True, True]>", 10);
	link_wait_for(link, "<True True>", 10);
	link_wait_for(link, "<tty True>", 10);
	link_wait_for(link, "<through tty>", 10);
	link_wait_for(link, "columns=77, lines=33", 10);
	link_type(link, "typed\n");
	link_wait_for(link, "<typed>", 10);
	check_end(link, 0);
}
END_TEST

START_TEST(ctrl_c_reaches_the_script)
{
	struct screen_link *link = start(BEGIN
		"try: say('<here>'); time.sleep(60)\n"
		"except KeyboardInterrupt: say('<interrupted>')\n");

	link_wait_for(link, "<here>", 10);
	link_type(link, "\x03");
	link_wait_for(link, "<interrupted>", 10);
	check_end(link, 0);
}
END_TEST

START_TEST(ctrl_c_withdraws_a_question)
{
	struct screen_link *link = start(BEGIN
		"try: new('a')\n"
		"except KeyboardInterrupt: say('<interrupted>')\n");

	link_question(link);
	link_type(link, "\x03");
	link_expect(link, WIRE_WITHDRAWN);
	link_wait_for(link, "<interrupted>", 10);
	check_end(link, 0);
}
END_TEST

/* A stopped script stops nobody else: Ctrl-Z means nothing in a session without a shell. */
START_TEST(ctrl_z_stops_nobody)
{
	struct screen_link *link = start(BEGIN "say('<here>')\ntime.sleep(1)\nsay('<over>')\n");

	link_wait_for(link, "<here>", 10);
	link_type(link, "\x1a");
	link_wait_for(link, "<over>", 10);
	check_end(link, 0);
}
END_TEST

START_TEST(the_size_follows)
{
	struct screen_link *link = start(BEGIN
		"signal.signal(signal.SIGWINCH, lambda *a: say('<%d>' % os.get_terminal_size().columns))\n"
		"say('<here>')\n"
		"sys.stdin.readline()\n");
	struct winsize size = { .ws_row = 10, .ws_col = 55 };

	link_wait_for(link, "<here>", 10);
	ck_assert_int_eq(ioctl(link->master, TIOCSWINSZ, &size), 0);
	link_wait_for(link, "<55>", 10);
	link_type(link, "\n");
	check_end(link, 0);
}
END_TEST

START_TEST(it_cannot_type_for_anybody)
{
	struct screen_link *link = start(BEGIN
		"def sti(): fcntl.ioctl(0, termios.TIOCSTI, b'x')\n"
		"say('<%s>' % tried(sti))\n"
		"say('<%s>' % tried(os.open, '/dev/ptmx', os.O_RDWR))\n");

	link_wait_for(link, "<EPERM>", 10);
	check_end(link, 0);
}
END_TEST

START_TEST(signals_reach_it_as_without_a_screen)
{
	struct screen_link *link = start(BEGIN
		"signal.signal(signal.SIGTERM, lambda *a: (say('<term>'), os._exit(9)))\n"
		"say('<here>')\n"
		"time.sleep(60)\n");

	link_wait_for(link, "<here>", 10);
	kill(link->tracer, SIGTERM);
	link_wait_for(link, "<term>", 10);
	check_end(link, 9);
}
END_TEST

/* The terminal of pyjail is closed: that is a script's hangup, screen or not. */
START_TEST(a_hangup_reaches_it)
{
	struct screen_link *link = start(BEGIN
		"signal.signal(signal.SIGHUP, lambda *a: (say('<hangup>'), os._exit(8)))\n"
		"say('<here>')\n"
		"time.sleep(60)\n");

	link_wait_for(link, "<here>", 10);
	kill(link->tracer, SIGHUP);
	link_wait_for(link, "<hangup>", 10);
	check_end(link, 8);
}
END_TEST

START_TEST(a_dead_tracer_ends_the_script)
{
	struct screen_link *link = start(BEGIN "say('<here>')\ntime.sleep(60)\n");

	link_wait_for(link, "<here>", 10);
	kill(link->tracer, SIGKILL);
	live_check_nothing_left(5);
	/* The kernel closes what a killed process held a moment after its children are gone. */
	for (int i = 0; i < 500 && wire_receive(link->wire, &link->message) >= 0; i++)
		live_sleep(0.01);
	ck_assert_int_eq(wire_receive(link->wire, &link->message), -EPIPE);
	link_free(link);
}
END_TEST

int main(void)
{
	return live_main("screen_link", 90, (const TTest *const[]){
		a_lost_screen_refuses_and_the_script_goes_on, a_lost_screen_can_end_the_script,
		a_screen_that_leaves_ends_nothing, a_lost_screen_releases_what_it_froze,
		a_full_wire_blocks_nobody, freezing_holds_and_releasing_goes_on,
		a_frozen_script_can_be_ended, limits_hold_while_frozen,
		a_signal_ends_a_frozen_script, a_question_can_be_answered_while_frozen,
		the_ring_tells_what_goes_on, it_has_a_session_and_a_terminal,
		ctrl_c_reaches_the_script, ctrl_c_withdraws_a_question, ctrl_z_stops_nobody,
		the_size_follows, it_cannot_type_for_anybody,
		signals_reach_it_as_without_a_screen, a_hangup_reaches_it,
		a_dead_tracer_ends_the_script, NULL });
}
