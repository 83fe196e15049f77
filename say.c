/* SPDX-License-Identifier: Apache-2.0 */
/* say.c: see say.h. */
#include "say.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define INDENT 8

/* Columns that bytes take once shown: characters, since what is wider than one is rare here. */
static size_t shown_width(const char *bytes, size_t length)
{
	char shown[4 * FAULT_LINE_MAX + 1];
	size_t size = text_show(shown, sizeof(shown), bytes, length);
	size_t width = 0;

	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)shown[i] & 0xc0) != 0x80;
	return width;
}

static void say_quote(const struct fault *fault)
{
	char shown[4 * FAULT_LINE_MAX + 1];
	size_t length = strlen(fault->quote);

	if (!length)
		return;
	text_show(shown, sizeof(shown), fault->quote, length);
	fprintf(stderr, "%*s%s\n", INDENT, "", shown);
	if (fault->column > 0 && fault->column - 1 <= length)
		fprintf(stderr, "%*s^\n",
			INDENT + (int)shown_width(fault->quote, fault->column - 1), "");
}

/*
 * A sentence of ours that may quote what somebody chose.  Its backslashes stay single: they are
 * part of what it says, or were put there when the quote was made safe.
 */
void say_text(const char *text)
{
	char shown[4 * FAULT_TEXT_MAX + 1];

	for (;;) {
		size_t length = strcspn(text, "\\");

		text_show(shown, sizeof(shown), text, length);
		fputs(shown, stderr);
		if (!text[length])
			break;
		fputc('\\', stderr);
		text += length + 1;
	}
	fputc('\n', stderr);
}

void say_fault(const struct fault *fault)
{
	char file[1024];

	text_show_string(file, sizeof(file), fault->file);
	if (fault->file[0] && fault->line)
		fprintf(stderr, "pyjail: %s:%u:%u: ", file, fault->line, fault->column);
	else if (fault->file[0] && !fault->quote[0])
		fprintf(stderr, "pyjail: %s: ", file);
	else
		fputs("pyjail: ", stderr);
	say_text(fault->text);
	say_quote(fault);
	if (fault->cure[0]) {
		fprintf(stderr, "%*s", INDENT, "");
		say_text(fault->cure);
	}
}

int say_failure(const char *problem, int error)
{
	fprintf(stderr, "pyjail: %s: %s\n", problem, strerror(error));
	return EXIT_PYJAIL;
}
