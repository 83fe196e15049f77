/* SPDX-License-Identifier: Apache-2.0 */
/* sieve_csi.c: see sieve_csi.h. */
#include "tui/sieve_csi.h"

#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "tui/sgr.h"

/* libvterm 0.1.4 has room for 16. */
#define CODES_AT_ONCE 12

/* As libvterm knows them: saving as a mode, since then it bounds the cursor that comes back. */
#define SAVE "\x1b[?1048h"
#define RESTORE "\x1b[?1048l"

static void drop(struct sieve *sieve, char final)
{
	(void)final;
	sieve->dropped++;
}

static int param(const struct sieve *sieve, size_t i, int missing)
{
	return i < sieve->param_count && sieve->params[i] >= 0 ? sieve->params[i] : missing;
}

static bool has_parts(const struct sieve *sieve)
{
	for (size_t i = 0; i < sieve->param_count; i++)
		if (sieve->is_part[i])
			return true;
	return false;
}

/* At most two numbers, which is all that the sequences of the table take. */
static void pass(struct sieve *sieve, char final)
{
	char out[64], first[16] = "", second[16] = "";

	if (param(sieve, 0, -1) >= 0)
		snprintf(first, sizeof(first), "%d", sieve->params[0]);
	if (param(sieve, 1, -1) >= 0)
		snprintf(second, sizeof(second), ";%d", sieve->params[1]);
	snprintf(out, sizeof(out), "\x1b[%.1s%s%s%.1s%c", &sieve->leader, first, second,
		 &sieve->intermediate, final);
	sieve_add_string(sieve, out);
}

/* Erasing.  3 would empty the scrollback, which is the user's to keep. */
static void pass_erase(struct sieve *sieve, char final)
{
	if (param(sieve, 0, 0) <= 2)
		pass(sieve, final);
	else
		drop(sieve, final);
}

/* Scrolling down; with more parameters it is about the mouse. */
static void pass_scroll(struct sieve *sieve, char final)
{
	if (sieve->param_count == 1)
		pass(sieve, final);
	else
		drop(sieve, final);
}

/* What was written before was written under the old ones. */
static void set_margins(struct sieve *sieve, bool has_margins)
{
	sieve_flush(sieve);
	sieve->has_margins = has_margins;
}

static void pass_margins(struct sieve *sieve, char final)
{
	set_margins(sieve, param(sieve, 0, -1) >= 0 || param(sieve, 1, -1) >= 0);
	pass(sieve, final);
}

/* Where the cursor is, and whether all is well: the only questions that are answered. */
static void pass_question(struct sieve *sieve, char final)
{
	if (param(sieve, 0, 0) == 5 || param(sieve, 0, 0) == 6)
		pass(sieve, final);
	else
		drop(sieve, final);
}

/* Repeats what was written last: libvterm has no bound on that, and a width of 0 loops. */
static void repeat(struct sieve *sieve, char final)
{
	int count = param(sieve, 0, 1);

	(void)final;
	if (count > sieve->columns)
		count = sieve->columns;
	for (int i = 0; i < count && sieve->last_length; i++)
		sieve_add(sieve, sieve->last, sieve->last_length);
}

static void add_codes(struct sieve *sieve, const int *codes, size_t count)
{
	char out[8 * CODES_AT_ONCE + 4] = "\x1b[";
	size_t used = 2;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, i ? ";%d" : "%d",
					 codes[i]);
	out[used++] = 'm';
	sieve_add(sieve, out, used);
}

static void look(struct sieve *sieve, char final)
{
	int codes[SIEVE_PARAMS_MAX];
	size_t count = sgr_simplify(sieve->params, sieve->is_part, sieve->param_count, codes);

	(void)final;
	for (size_t i = 0; i < count; i += CODES_AT_ONCE)
		add_codes(sieve, codes + i, count - i < CODES_AT_ONCE ? count - i : CODES_AT_ONCE);
}

/* Modes that pass, and their number for libvterm.  Not the mouse, nor reports of the focus. */
static const struct {
	char leader;
	int asked, passed;
} modes[] = {
	{ 0, 4, 4 },         /* insert */
	{ 0, 20, 20 },       /* new line */
	{ '?', 1, 1 },       /* cursor keys of an application */
	{ '?', 5, 5 },       /* all reversed */
	{ '?', 6, 6 },       /* origin */
	{ '?', 7, 7 },       /* wrap */
	{ '?', 25, 25 },     /* cursor visible */
	{ '?', 47, 1047 },   /* the other screen */
	{ '?', 1047, 1047 },
	{ '?', 1048, 1048 }, /* save the cursor */
	{ '?', 1049, 1049 }, /* both */
	{ '?', 2004, 2004 }, /* brackets around what is pasted */
};

static int mode_passed(char leader, int asked)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i].leader == leader && modes[i].asked == asked)
			return modes[i].passed;
	return -1;
}

/* One sequence for each: libvterm 0.1.4 looks at the first only. */
static void set_modes(struct sieve *sieve, char final)
{
	for (size_t i = 0; i < sieve->param_count; i++) {
		int mode = mode_passed(sieve->leader, sieve->params[i]);
		char out[32];

		if (mode < 0) {
			sieve->dropped++;
			continue;
		}
		if (mode == 2004)
			sieve->pastes_are_bracketed = final == 'h';
		snprintf(out, sizeof(out), "\x1b[%.1s%d%c", &sieve->leader, mode, final);
		sieve_add_string(sieve, out);
	}
}

/* With parameters, `s` would set margins left and right, which is no thing for libvterm to do. */
static void save(struct sieve *sieve, char final)
{
	if (param(sieve, 0, -1) < 0)
		sieve_add_string(sieve, SAVE);
	else
		drop(sieve, final);
}

static void restore(struct sieve *sieve, char final)
{
	(void)final;
	sieve_add_string(sieve, RESTORE);
}

/* What DECSTR resets; libvterm does not read its `!`. */
static void reset_softly(struct sieve *sieve, char final)
{
	(void)final;
	set_margins(sieve, false);
	sieve_add_string(sieve, "\x1b[?25h\x1b[?6l\x1b[4l\x1b[?1l\x1b[m\x1b(B\x0f"
			 SAVE "\x1b[r" RESTORE);
}

struct rule {
	char leader, intermediate;
	const char *finals;
	void (*act)(struct sieve *sieve, char final);
};

static const struct rule rules[] = {
	{ 0, 0, "@ABCDEFGHILMPSXZ`adefgjk", pass },
	{ 0, 0, "JK", pass_erase },
	{ 0, 0, "T", pass_scroll },
	{ 0, 0, "b", repeat },
	{ 0, 0, "r", pass_margins },
	{ 0, 0, "c", pass },
	{ '>', 0, "c", pass },
	{ 0, 0, "n", pass_question },
	{ '?', 0, "n", pass_question },
	{ '?', '$', "p", pass },
	{ 0, 0, "hl", set_modes },
	{ '?', 0, "hl", set_modes },
	{ 0, 0, "s", save },
	{ 0, 0, "u", restore },
	{ 0, '!', "p", reset_softly },
};

void sieve_csi(struct sieve *sieve, char final)
{
	if (!sieve->leader && !sieve->intermediate && final == 'm' && !sieve->is_odd) {
		look(sieve, final);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct rule *rule = &rules[i];

		if (rule->leader == sieve->leader && rule->intermediate == sieve->intermediate &&
		    strchr(rule->finals, final) && !sieve->is_odd && !has_parts(sieve)) {
			rule->act(sieve, final);
			if (rule->act != repeat)
				sieve->last_length = 0;
			return;
		}
	}
	drop(sieve, final);
}

/* Everything as it was at the start; the scrollback stays. */
static void reset(struct sieve *sieve)
{
	sieve->pastes_are_bracketed = false;
	set_margins(sieve, false);
	/* libvterm's own reset stays on the other screen, and reversed. */
	sieve_add_string(sieve, "\x1b[?1049l\x1b[?5l\x1b" "c");
}

static void choose_set(struct sieve *sieve, char final)
{
	char out[] = { '\x1b', sieve->intermediate, final, '\0' };

	/* Line drawing, British, ASCII; what is not known is ASCII. */
	if (!strchr("0AB", final))
		out[2] = 'B';
	sieve_add_string(sieve, out);
}

static void escape_alone(struct sieve *sieve, char final)
{
	char out[] = { '\x1b', final, '\0' };

	if (strchr("DEHM=>", final))
		sieve_add_string(sieve, out);
	else if (final == '7')
		sieve_add_string(sieve, SAVE);
	else if (final == '8')
		sieve_add_string(sieve, RESTORE);
	else if (final == 'c')
		reset(sieve);
	else if (final == 'Z')
		sieve_add_string(sieve, "\x1b[c");
	else if (final != '\\')   /* the end of a string that is none */
		drop(sieve, final);
}

void sieve_escape(struct sieve *sieve, char final)
{
	sieve->last_length = 0;
	if (!sieve->intermediate)
		escape_alone(sieve, final);
	else if (strchr("()", sieve->intermediate) && !sieve->is_odd)
		choose_set(sieve, final);
	else
		drop(sieve, final);
}
