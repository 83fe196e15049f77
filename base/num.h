/* SPDX-License-Identifier: Apache-2.0 */
/*
 * num.h: numbers, sizes and times that people write.  Strict: the whole string, no sign,
 * no blank, no overflow; -EINVAL or -ERANGE otherwise.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>

/* "1234" */
int num_parse(const char *text, uint64_t max, uint64_t *ret_value);

/* "64M": K, M, G, T are powers of 1024, with or without B or iB; no letter: bytes. */
int num_parse_size(const char *text, uint64_t *ret_bytes);

/* "1.5", "90", "2m", "1h", "250ms" -> milliseconds; no letter: seconds. */
int num_parse_time(const char *text, uint64_t *ret_ms);

#endif
