/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.h: what the jail said about a run, held against what its header expects; and small texts
 * for both.
 */
#ifndef TRACER_CORPUS_OUTCOME_H
#define TRACER_CORPUS_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/corpus/attempt.h"

/* printf with one string; what does not fit is cut. */
void outcome_format(char *out, size_t size, const char *format, const char *what);

/* The first byte that a terminal would act on, a newline apart; false: none. */
bool outcome_find_raw(const char *bytes, size_t length, char *out, size_t size);

/* "limit" of BASE/result.json; "": none. */
void outcome_read_limit(const char *base, char *out, size_t size);

/* How pyjail ended, in words, when it is not as expected; "" otherwise. */
void outcome_check_status(const struct attempt *attempt, char *out, size_t size);

/* What of BASE/record.jsonl is not as expected; "" when all is. */
void outcome_check_record(const struct corpus_header *header, const char *base, char *out,
			  size_t size);

#endif
