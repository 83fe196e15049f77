/* SPDX-License-Identifier: Apache-2.0 */
/* fill.c: see fill.h. */
#include "tracer/corpus/fill.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const names[FILL_COUNT] = {
	[FILL_BASE] = "BASE",     [FILL_CANARY] = "CANARY",     [FILL_WORK] = "WORK",
	[FILL_TOKEN] = "TOKEN",   [FILL_TCP] = "TCP",           [FILL_UDP] = "UDP",
	[FILL_UNIX] = "UNIX",     [FILL_ABSTRACT] = "ABSTRACT", [FILL_PORT] = "PORT",
	[FILL_VICTIM] = "VICTIM", [FILL_PYTHON] = "PYTHON",
};

/* Length of the word in @WORD@, `at` behind the first @; 0: none is here. */
static size_t word_length(const char *at)
{
	size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return at[length] == '@' ? length : 0;
}

static int find(const char *word, size_t length)
{
	for (int i = 0; i < FILL_COUNT; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], word, length))
			return i;
	return -1;
}

static int unknown(const char *text, const char *at, size_t length, struct fault *fault)
{
	const char *line = text;

	fault->line = 1;
	for (const char *c = text; c < at; c++) {
		if (*c == '\n') {
			fault->line++;
			line = c + 1;
		}
	}
	fault->column = (unsigned)(at - line) + 1;
	snprintf(fault->quote, sizeof(fault->quote), "%.*s", (int)strcspn(line, "\n"), line);
	return fault_set(fault, "%.*s: no such placeholder", (int)length + 2, at);
}

int fill_text(const struct fill *fill, const char *text, char **ret_text,
	      struct fault *ret_fault)
{
	char *out = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);
	int error = f ? 0 : -ENOMEM;

	for (const char *at = text; error == 0 && *at;) {
		size_t plain = strcspn(at, "@"), length = 0;
		int name = -1;

		fwrite(at, 1, plain, f);
		at += plain;
		if (!*at)
			break;
		length = word_length(at + 1);
		name = find(at + 1, length);
		if (length && name < 0)
			error = unknown(text, at, length, ret_fault);
		fputs(name < 0 ? "@" : fill->value[name], f);
		at += name < 0 ? 1 : length + 2;
	}
	if (f && fclose(f) != 0)
		error = -ENOMEM;
	if (error < 0)
		free(out);
	else
		*ret_text = out;
	return error;
}
