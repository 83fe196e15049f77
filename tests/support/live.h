/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.h: runs of pyjail that a test watches from outside: as a file, in the background, and what is
 * left of them.
 */
#ifndef TESTS_SUPPORT_LIVE_H
#define TESTS_SUPPORT_LIVE_H

#include <check.h>
#include <stdbool.h>
#include <sys/types.h>

#include "tests/support/jail.h"

/* `code` as jail_folder/s.py, run with a record, `options` before it; NULL: none. */
void live_script(struct jail *jail, const char *const options[], const char *code);

/* pyjail with these words (NULL ends) in the background, cwd jail_folder; -1: /dev/null. */
pid_t live_start(int in, int out, int err, const char *const words[]);

/* Waits for it, at most so long; SIGKILL and a failed test after that.  The status of waitpid. */
int live_wait(pid_t pid, double patience_s);

double live_now_s(void);
void live_sleep(double s);

/* Until the file below jail_folder is there; fails the test after `patience_s`. */
void live_wait_for_file(const char *name, double patience_s);

/*
 * Processes that are alive (zombies are not) and run in jail_folder, by their cwd or their words;
 * the test itself does not count.
 */
unsigned live_left(void);

/* What they and their like hold in memory now, `except` left out. */
unsigned long live_resident_kib(pid_t except);

/* Nothing is left, at the latest so much later. */
void live_check_nothing_left(double within_s);

/* The string, number at `key` of the result object, which must be there. */
const char *live_result_string(const struct jail *jail, const char *key);
double live_result_number(const struct jail *jail, const char *key);

/* The script ended by itself with this status; else the test fails and shows what was said. */
void live_check_status(const struct jail *jail, int status);

/* All tests in order, each in a process with jail_setup and jail_teardown; NULL ends.  For main. */
int live_main(const char *name, int timeout_s, const TTest *const tests[]);

/* The same for tests of which some run several times, _i from 0 on; a NULL test ends. */
struct live_loop {
	const TTest *test;
	int count;
};
int live_main_loops(const char *name, int timeout_s, const struct live_loop loops[]);

#endif
