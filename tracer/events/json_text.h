/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_text.h: JSON written by hand into a buffer that the caller made large enough.
 *
 * Each function writes at `at` and returns the place behind what it wrote.  Strings are bytes of
 * any kind; jsonl.h says how they are written.
 */
#ifndef TRACER_EVENTS_JSON_TEXT_H
#define TRACER_EVENTS_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define JSON_BYTE_GROWS 8       /* of a string: \uNNNN, and two digits of hex */

char *json_put_raw(char *at, const char *text, size_t length);
char *json_put_text(char *at, const char *text);
char *json_put_unsigned(char *at, uint64_t value, int least_digits);
char *json_put_signed(char *at, int64_t value);
char *json_put_hex(char *at, unsigned value, int digits);

/* ,"key":"bytes" and, when they are not UTF-8, ,"key_hex":"..."; null for NULL. */
char *json_put_bytes(char *at, const char *key, const char *bytes);

/*
 * ,"key":["bytes",...] and, when one is not UTF-8, ,"key_hex":[null,"...",...] of the same length.
 * Nothing for NULL.
 */
char *json_put_list(char *at, const char *key, const char *const *words);
#define JSON_WORD_GROWS 16      /* quotes, commas, null */

/* The same, or nothing for NULL. */
char *json_put_optional(char *at, const char *key, const char *bytes);

#endif
