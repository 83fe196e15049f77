/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h: what an event is called on the screen, in bytes that are still to be made safe.
 */
#ifndef TUI_WORDS_H
#define TUI_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts;
struct read_event;

#define WORDS_MAX 4608          /* of a target: a path and what was wanted of it */
#define LINE_WORDS_MAX 512

/* "DENY" "ASK" "KILL" "FAIL" "LIM" "NOTE"; "" when it was allowed and went well. */
const char *words_verdict(const struct read_event *event);

/* "data/march.csv"; "203.0.113.9:443"; "send signal 9 to process 1". */
void words_target(const struct facts *facts, const struct read_event *event, char *out,
		  size_t size);

/* Of an open: "read"; "write, create, truncate"; else "". */
void words_access(const struct read_event *event, char *out, size_t size);

/* What decided: "allowed (once), 4.1 s"; "strict.policy:14"; "no rule allows it". */
void words_answer(const struct read_event *event, char *out, size_t size);

/* False: of a path so long the middle may be missing, and a rule would be about another file. */
bool words_is_whole(const char *path);

/* "etl.py:33"; "-" when it is not known. */
void words_line(const struct read_event *event, char *out, size_t size);

/* "EACCES"; "" for success. */
const char *words_result(const struct read_event *event);

/* "18 us", "9.1 ms", "1.204 s". */
void words_time(uint64_t us, char *out, size_t size);

/* "18,204". */
void words_count(uint64_t count, char *out, size_t size);

#endif
