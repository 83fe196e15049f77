/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_pipe.c: pipes whose lock the script keeps.  splice(2) from a socket that stays silent
 * sleeps with the pipe locked, and who then opens, reads or writes it sleeps too, deaf to SIGKILL.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "tests/support/attack.h"
#include "tests/support/suite.h"

#define PATIENCE_S 15

/* keep(fd) does not come back: the pipe behind fd stays locked. */
#define KEEP \
	"import ctypes, os, socket, sys, threading, time\n" \
	"libc = ctypes.CDLL(None)\n" \
	"silent, other = socket.socketpair()\n" \
	"def keep(fd): libc.splice(silent.fileno(), None, fd, None, 4096, 0)\n" \
	"def keep_aside(fd):\n" \
	"    threading.Thread(target=keep, args=(fd,), daemon=True).start(); time.sleep(0.3)\n"

static const struct way {
	const char *name;
	const char *option;
	const char *code;
} ways[] = {
	{ "an own pipe is opened again", NULL,
	  "r, w = os.pipe(); keep_aside(w)\n"
	  "os.open(f'/proc/self/fd/{r}', os.O_RDONLY | os.O_NONBLOCK)\n" },
	{ "a FIFO is opened for both", "--allow-write=.",
	  "os.mkfifo('fifo'); fd = os.open('fifo', os.O_RDWR); keep_aside(fd)\n"
	  "os.open('fifo', os.O_RDWR)\n" },
	{ "a FIFO is opened to be made", "--allow-write=.",
	  "os.mkfifo('fifo'); fd = os.open('fifo', os.O_RDWR); keep_aside(fd)\n"
	  "os.open('fifo', os.O_RDWR | os.O_CREAT | os.O_TRUNC)\n" },
	{ "a message goes to standard error", NULL,
	  "keep_aside(2)\n"
	  "try: os.unlink('s.py')\n"
	  "except OSError: time.sleep(60)\n" },
	{ "output is counted", "--output=1M",
	  "def stop_often():\n"
	  "    while True: libc.unlink(b'/nonexistent')\n"
	  "for i in range(3): os.fork() or stop_often()\n"
	  "time.sleep(0.3); libc.write(1, b'x', 1); keep(1)\n" },
};

START_TEST(limits_hold)
{
	const struct way *way = &ways[_i];
	struct jail jail;
	const char *const options[] = { "--time=2", "--allow-read=.", way->option, NULL };
	char code[2048];

	snprintf(code, sizeof(code), KEEP "%s", way->code);
	jail_code(&jail, options, code);
	ck_assert_msg(jail.status == 124 && jail.wall_s < PATIENCE_S, "%s: status %d, %.1f s: %s",
		      way->name, jail.status, jail.wall_s, jail.err);
	live_check_nothing_left(1.0);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("attack_pipe");
	TCase *tcase = tcase_create("attack_pipe");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_add_loop_test(tcase, limits_hold, 0, (int)ARRAY_SIZE(ways));
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
