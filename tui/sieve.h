/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sieve.h: what of a script's output may reach the terminal library.
 *
 * libvterm was not written for hostile input.  Tried with 0.1.4 and 0.3.3 under AddressSanitizer:
 * - more than 16 parameters are written behind their array, on to its callbacks (parser.c, csi_args);
 * - REP of nothing, or of a mark, never ends (state.c);
 * - combining marks grow a buffer without bound; those of kana are counted as wide, and a row of
 *   them is written behind the screen (0.1.4, screen.c, putglyph);
 * - UTF-8 cut in two writes gives one character more than there is room for (encoding.c);
 * - a cursor saved on a larger screen comes back as it was (state.c, savecursor).
 * So bytes are parsed here first, and written anew: whole plain characters, and the few control
 * sequences of an allow-list, with few and small parameters.  All else is left out and counted.
 *
 * Strings (OSC, DCS, APC, PM, SOS) never pass: no clipboard, no reports of the title, no hyperlinks.
 * Of them only the title is kept, its first bytes, here.
 */
#ifndef TUI_SIEVE_H
#define TUI_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIEVE_PARAMS_MAX 32
#define SIEVE_TITLE_MAX 256
/* Written at once, always whole characters and sequences. */
#define SIEVE_OUT_MAX 4096

enum sieve_state { SIEVE_TEXT, SIEVE_ESCAPE, SIEVE_CSI, SIEVE_STRING, SIEVE_STRING_ESCAPE };

struct sieve {
	void (*put)(void *user, const char *bytes, size_t length);
	void *user;
	int columns;                     /* of the screen: the most that REP repeats */
	enum sieve_state state;

	char character[4];               /* a character of which not all bytes came yet */
	unsigned character_used;
	unsigned marks;                  /* on the last character */
	char last[4];                    /* the last character, for REP */
	unsigned last_length;            /* 0: none */

	char leader, intermediate;       /* of a control sequence; 0: none */
	bool is_odd;                     /* more of them than any known one has */
	int params[SIEVE_PARAMS_MAX];    /* -1: left out */
	bool is_part[SIEVE_PARAMS_MAX];  /* a colon stood in front */
	size_t param_count;

	char string[SIEVE_TITLE_MAX];
	size_t string_length;
	bool is_osc;
	char title[SIEVE_TITLE_MAX];     /* raw bytes: show them escaped */
	size_t title_length;

	bool pastes_are_bracketed;
	bool has_margins;                /* part of the screen may scroll alone, in what is put now */
	uint64_t dropped;                /* sequences left out */

	char out[SIEVE_OUT_MAX];
	size_t out_used;
};

void sieve_init(struct sieve *sieve, void (*put)(void *user, const char *bytes, size_t length),
		void *user);

/* Calls `put` with all that may pass. */
void sieve_feed(struct sieve *sieve, const char *bytes, size_t length);

/* For sieve_csi.c: these join what is written. */
void sieve_add(struct sieve *sieve, const char *bytes, size_t length);
void sieve_add_string(struct sieve *sieve, const char *string);
void sieve_flush(struct sieve *sieve);

#endif
