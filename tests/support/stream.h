/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h: what a terminal would make of bytes: text, and sequences that begin with ESC.
 *
 * Knows the sequences that ncurses writes for xterm and its like, and calls all else wrong.
 */
#ifndef TESTS_SUPPORT_STREAM_H
#define TESTS_SUPPORT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct stream_rules {
	bool is_ascii;          /* no character above 0x7f */
	bool is_mono;           /* no colour: SGR 30-49, 90-107 */
	const char *canary;     /* never a part of a sequence; NULL: none */
};

struct stream_found {
	size_t canaries;        /* in the text */
	size_t sequences, colors, characters;
};

/* True: nothing is wrong.  Else `problem` says what, where and what stands around it. */
bool stream_check(const char *bytes, size_t length, const struct stream_rules *rules,
		  struct stream_found *ret_found, char *problem, size_t size);

#endif
