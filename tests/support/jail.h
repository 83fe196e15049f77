/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.h: runs the built pyjail on a script and keeps everything that came out of it.
 *
 * Live tests use checked fixtures (jail_setup, jail_teardown), so that each test is a process of its
 * own with a temporary folder of its own, and fails by itself.
 */
#ifndef TESTS_SUPPORT_JAIL_H
#define TESTS_SUPPORT_JAIL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct jail {
	int status;             /* exit status of pyjail; -1 when a signal ended it */
	int signal;
	double wall_s;
	bool timed_out;         /* it was killed by the test */
	char out[65536], err[65536];   /* cut, NUL-terminated */
	json_t *result;         /* of --result-fd; NULL when there was none */
	json_t *record;         /* array of the record's objects; NULL unless asked for */
};

/* Set by jail_setup: the program under test ($PYJAIL, else ./pyjail) and a fresh folder, mode 700. */
extern const char *jail_program;
extern char jail_folder[64];

void jail_setup(void);
void jail_teardown(void);    /* removes the folder; fails the test if a process was left behind in it */

/*
 * pyjail with --python=/usr/bin/python3, the given words (NULL ends), `input` on stdin (NULL: /dev/null),
 * cwd jail_folder.  Killed after `timeout_s`.  Everything of `jail` is filled; jail_free releases it.
 */
void jail_run(struct jail *jail, const char *input, int timeout_s, const char *const words[]);

/* The common case: pyjail OPTIONS... -c CODE, with a record. `options` NULL or NULL-terminated. */
void jail_code(struct jail *jail, const char *const options[], const char *code);

/* The same with another program in pyjail's place (the naive build, python3 itself for a control). */
void jail_run_program(struct jail *jail, const char *program, const char *input, int timeout_s,
		      const char *const words[]);

void jail_free(struct jail *jail);

/* Number of recorded events that match; NULL, or a path prefix for `path`, is not compared. */
size_t jail_count(const struct jail *jail, const char *call, const char *verdict,
		  const char *path);

/* denied of the result object; fails the test when there is none. */
long jail_denied(const struct jail *jail);

/* A file below jail_folder: made with `text`; read back (static buffer; NULL: not there). */
void jail_write_file(const char *name, const char *text);
const char *jail_read_file(const char *name);

/* "jail_folder/name", one of a few static buffers. */
const char *jail_path(const char *name);

/*
 * An option that makes all calls come through the stop door (tracer/calls.h): a rule, about nothing
 * that is there, wants C stacks.
 */
const char *jail_stop_door(void);

/* Prints why, so that the runner counts it, and ends the test as passed. */
#define jail_skip(...) do { printf("skip: " __VA_ARGS__); printf("\n"); fflush(stdout); return; } while (0)

#endif
