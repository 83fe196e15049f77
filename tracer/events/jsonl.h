/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonl.h: the complete record, one JSON object a line.  docs/RECORD.md says what is in it.
 *
 * Paths are bytes, JSON strings are not.  "path" is always valid UTF-8: each byte that is not is
 * written as U+FFFD.  Only then "path_hex" follows, the exact bytes in lower-case hex: simple, and
 * every parser reads it (lone surrogates, Python's way, are refused by jansson and jq).  The same
 * holds for every other key that carries bytes.
 *
 * The target may be slow or go away: the sink keeps a backlog of at most JSONL_BACKLOG_MAX bytes,
 * counts what it could not write, and the run goes on.
 */
#ifndef TRACER_EVENTS_JSONL_H
#define TRACER_EVENTS_JSONL_H

#include <jansson.h>

#include "tracer/events/sink.h"

#define JSONL_BACKLOG_MAX (64u << 20)
#define JSONL_VERSION 1

/* How an object of ours is dumped: one line, ASCII, 1.5 and not 1.5000000000000001. */
#define JSONL_DUMP_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15))

struct run_result;

/* Bytes as a JSON string, U+FFFD for what is not UTF-8; null for NULL. */
json_t *jsonl_bytes(const char *bytes);

/* Sets `key`, and `key`_hex when the bytes are not UTF-8.  0, or -ENOMEM. */
int jsonl_set_bytes(json_t *object, const char *key, const char *bytes);

/*
 * A NULL-terminated list as an array; when any of it is not UTF-8, `key`_hex is an array of the
 * same length: hex for those, null for the others.
 */
int jsonl_set_list(json_t *object, const char *key, char *const *list);

/*
 * Takes the descriptor, also on failure.  `start` (borrowed) is the first object, written at once:
 * a target that is full or gone is an error here, one that is merely slow is not.
 */
int jsonl_new(int fd, const json_t *start, struct sink **ret_sink);

/* The last object, type "result".  flush(wait=true) still has to follow. */
void jsonl_put_result(struct sink *sink, const struct run_result *result);

/* The same object for --result: one line, complete or not there at all. */
json_t *result_json(const struct run_result *result);

#endif
