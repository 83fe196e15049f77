/* SPDX-License-Identifier: Apache-2.0 */
/* command.c: see command.h. */
#include "tracer/events/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static size_t put(char *out, size_t size, size_t used, const char *bytes, size_t length)
{
	size_t room = size - 1 - used;

	if (length > room)
		length = room;
	memcpy(out + used, bytes, length);
	out[used + length] = '\0';
	return used + length;
}

static bool is_plain(const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@%+=:,./-";

	return *word && word[strspn(word, safe)] == '\0';
}

size_t command_add(char *out, size_t size, size_t used, const char *word)
{
	if (used)
		used = put(out, size, used, " ", 1);
	if (is_plain(word))
		return put(out, size, used, word, strlen(word));
	used = put(out, size, used, "'", 1);
	while (*word) {
		size_t run = strcspn(word, "'");

		used = put(out, size, used, word, run);
		word += run;
		if (*word++ != '\'')
			break;
		used = put(out, size, used, "'\\''", 4);
	}
	return put(out, size, used, "'", 1);
}
