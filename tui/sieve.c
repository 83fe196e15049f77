/* SPDX-License-Identifier: Apache-2.0 */
/* sieve.c: see sieve.h.  The states are those of Paul Williams' parser for DEC's terminals. */
#include "tui/sieve.h"

#include <string.h>

#include "base/text.h"
#include "tui/marks.h"
#include "tui/sieve_csi.h"

#define BELL 0x07
#define ESCAPE 0x1b
/* Larger than any screen, small enough for any sum. */
#define PARAM_MAX 9999
#define REPLACEMENT "\xef\xbf\xbd"   /* U+FFFD */

void sieve_init(struct sieve *sieve, void (*put)(void *user, const char *bytes, size_t length),
		void *user)
{
	memset(sieve, 0, sizeof(*sieve));
	sieve->put = put;
	sieve->user = user;
}

void sieve_flush(struct sieve *sieve)
{
	if (sieve->out_used)
		sieve->put(sieve->user, sieve->out, sieve->out_used);
	sieve->out_used = 0;
}

void sieve_add(struct sieve *sieve, const char *bytes, size_t length)
{
	if (length > SIEVE_OUT_MAX - sieve->out_used)
		sieve_flush(sieve);
	memcpy(sieve->out + sieve->out_used, bytes, length);
	sieve->out_used += length;
}

void sieve_add_string(struct sieve *sieve, const char *string)
{
	sieve_add(sieve, string, strlen(string));
}

static void add_character(struct sieve *sieve, const char *bytes, size_t length)
{
	sieve->marks = 0;
	memcpy(sieve->last, bytes, length);
	sieve->last_length = (unsigned)length;
	sieve_add(sieve, bytes, length);
}

static void add_mark(struct sieve *sieve, unsigned point, const char *bytes, size_t length)
{
	/* libvterm gives these two cells of their own on top of the character's. */
	if (point >= 0x302a && point <= 0x302f) {
		add_character(sieve, REPLACEMENT, strlen(REPLACEMENT));
	} else if (point == 0x3099 || point == 0x309a) {
		/* So the voicing of kana stands beside them. */
		add_character(sieve, point == 0x3099 ? "\xe3\x82\x9b" : "\xe3\x82\x9c", 3);
	} else if (sieve->marks < MARKS_MAX) {
		sieve->marks++;
		sieve_add(sieve, bytes, length);
	}
}

static void add_point(struct sieve *sieve, unsigned point, const char *bytes, size_t length)
{
	if (!text_is_plain(point))
		add_character(sieve, REPLACEMENT, strlen(REPLACEMENT));
	else if (mark_is(point))
		add_mark(sieve, point, bytes, length);
	else
		add_character(sieve, bytes, length);
}

static size_t character_length(unsigned char lead)
{
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

/* A character of which more could have come ends here. */
static void end_character(struct sieve *sieve)
{
	if (sieve->character_used)
		add_character(sieve, REPLACEMENT, strlen(REPLACEMENT));
	sieve->character_used = 0;
}

/* A byte above 0x7f: characters are put together over the bounds of what is fed. */
static void take_high(struct sieve *sieve, char byte)
{
	unsigned point;

	if ((byte & 0x40) || !sieve->character_used)
		end_character(sieve);
	sieve->character[sieve->character_used++] = byte;
	if (sieve->character_used < character_length((unsigned char)sieve->character[0]))
		return;
	if (text_character(sieve->character, sieve->character_used, &point)) {
		add_point(sieve, point, sieve->character, sieve->character_used);
		sieve->character_used = 0;
	} else {
		end_character(sieve);
	}
}

static void take_control(struct sieve *sieve, char byte)
{
	/* BEL, BS, HT, LF, VT, FF, CR, SO, SI. */
	if (byte >= 0x07 && byte <= 0x0f)
		sieve_add(sieve, &byte, 1);
	sieve->last_length = 0;
}

/* Text up to the first byte that is not printable ASCII: most of what there is. */
static size_t take_run(struct sieve *sieve, const char *bytes, size_t length)
{
	size_t run = 0;

	if (length > SIEVE_OUT_MAX)
		length = SIEVE_OUT_MAX;
	while (run < length && bytes[run] >= 0x20 && bytes[run] < 0x7f)
		run++;
	if (run == 0)
		return 0;
	end_character(sieve);
	sieve_add(sieve, bytes, run);
	sieve->marks = 0;
	sieve->last[0] = bytes[run - 1];
	sieve->last_length = 1;
	return run;
}

static void take_text(struct sieve *sieve, char byte)
{
	if (byte & 0x80) {
		take_high(sieve, byte);
		return;
	}
	end_character(sieve);
	if (byte != 0x7f)
		take_control(sieve, byte);
}

static void begin_csi(struct sieve *sieve)
{
	sieve->state = SIEVE_CSI;
	sieve->leader = 0;
	sieve->intermediate = 0;
	sieve->is_odd = false;
	sieve->params[0] = -1;
	sieve->is_part[0] = false;
	sieve->param_count = 1;
}

static void begin_string(struct sieve *sieve, bool is_osc)
{
	sieve->state = SIEVE_STRING;
	sieve->is_osc = is_osc;
	sieve->string_length = 0;
}

static void take_escape(struct sieve *sieve, char byte)
{
	if (byte >= 0x20 && byte <= 0x2f) {
		sieve->is_odd = sieve->is_odd || sieve->intermediate;
		sieve->intermediate = byte;
		return;
	}
	sieve->state = SIEVE_TEXT;
	if (sieve->intermediate || !strchr("[]PX^_", byte))
		sieve_escape(sieve, byte);
	else if (byte == '[')
		begin_csi(sieve);
	else
		begin_string(sieve, byte == ']');
}

static void next_param(struct sieve *sieve, bool is_part)
{
	if (sieve->param_count == SIEVE_PARAMS_MAX) {
		sieve->is_odd = true;
		return;
	}
	sieve->params[sieve->param_count] = -1;
	sieve->is_part[sieve->param_count++] = is_part;
}

static void take_digit(struct sieve *sieve, int digit)
{
	int *param = &sieve->params[sieve->param_count - 1];

	*param = (*param < 0 ? 0 : *param) * 10 + digit;
	if (*param > PARAM_MAX)
		*param = PARAM_MAX;
}

static void take_csi(struct sieve *sieve, char byte)
{
	if (byte >= '0' && byte <= '9') {
		take_digit(sieve, byte - '0');
	} else if (byte == ';' || byte == ':') {
		next_param(sieve, byte == ':');
	} else if (byte >= 0x3c && byte <= 0x3f) {
		sieve->is_odd = sieve->is_odd || sieve->leader;
		sieve->leader = byte;
	} else if (byte >= 0x20 && byte <= 0x2f) {
		sieve->is_odd = sieve->is_odd || sieve->intermediate;
		sieve->intermediate = byte;
	} else {
		sieve->state = SIEVE_TEXT;
		sieve_csi(sieve, byte);
	}
}

/* Only `0;...` and `2;...` of OSC: the title. */
static void end_string(struct sieve *sieve)
{
	sieve->state = SIEVE_TEXT;
	if (sieve->is_osc && sieve->string_length >= 2 && sieve->string[1] == ';' &&
	    (sieve->string[0] == '0' || sieve->string[0] == '2')) {
		sieve->title_length = sieve->string_length - 2;
		memcpy(sieve->title, sieve->string + 2, sieve->title_length);
	} else {
		sieve->dropped++;
	}
}

static void take_string(struct sieve *sieve, char byte)
{
	if (byte == BELL && sieve->is_osc)
		end_string(sieve);
	else if (sieve->string_length < sizeof(sieve->string))
		sieve->string[sieve->string_length++] = byte;
}

/* ESC \ ends a string; after ESC and anything else it is no string any more. */
static void take_string_escape(struct sieve *sieve, char byte)
{
	if (byte == '\\') {
		end_string(sieve);
		return;
	}
	sieve->dropped++;
	sieve->state = SIEVE_ESCAPE;
	take_escape(sieve, byte);
}

static void begin_escape(struct sieve *sieve)
{
	end_character(sieve);
	sieve->intermediate = 0;
	sieve->is_odd = false;
	sieve->state = sieve->state == SIEVE_STRING ? SIEVE_STRING_ESCAPE : SIEVE_ESCAPE;
}

static bool is_control(char byte)
{
	return (byte & 0xe0) == 0;
}

static bool is_in_sequence(const struct sieve *sieve)
{
	return sieve->state == SIEVE_ESCAPE || sieve->state == SIEVE_CSI;
}

static void take(struct sieve *sieve, char byte)
{
	if (byte == ESCAPE) {
		begin_escape(sieve);
	} else if (byte == 0x18 || byte == 0x1a) {   /* CAN, SUB: give up */
		sieve->state = SIEVE_TEXT;
	} else if (is_in_sequence(sieve) && is_control(byte)) {
		take_control(sieve, byte);           /* acts at once, as on DEC's */
	} else if (is_in_sequence(sieve) && (byte & 0x80)) {
		sieve->dropped++;                    /* broken off by text */
		sieve->state = SIEVE_TEXT;
		take_text(sieve, byte);
	} else if (is_in_sequence(sieve) && byte == 0x7f) {
		return;
	} else if (sieve->state == SIEVE_TEXT) {
		take_text(sieve, byte);
	} else if (sieve->state == SIEVE_ESCAPE) {
		take_escape(sieve, byte);
	} else if (sieve->state == SIEVE_CSI) {
		take_csi(sieve, byte);
	} else if (sieve->state == SIEVE_STRING) {
		take_string(sieve, byte);
	} else {
		take_string_escape(sieve, byte);
	}
}

void sieve_feed(struct sieve *sieve, const char *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t run = 0;

		if (sieve->state == SIEVE_TEXT)
			run = take_run(sieve, bytes + at, length - at);
		if (run == 0)
			take(sieve, bytes[at]);
		at += run ? run : 1;
	}
	sieve_flush(sieve);
}
