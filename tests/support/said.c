/* SPDX-License-Identifier: Apache-2.0 */
/* said.c: see said.h. */
#include "tests/support/said.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double said_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void said_open(struct said *said, enum human_level level, bool has_color)
{
	*said = (struct said){ .text = NULL };
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe2(said->ends, O_CLOEXEC), 0);
	ck_assert_int_eq(human_new(said->ends[1], level, has_color, &said->sink), 0);
}

void said_drain(struct said *said)
{
	char chunk[65536];
	ssize_t got;

	fcntl(said->ends[0], F_SETFL, O_NONBLOCK);
	while ((got = read(said->ends[0], chunk, sizeof(chunk))) > 0) {
		said->text = realloc(said->text, said->length + (size_t)got + 1);
		memcpy(said->text + said->length, chunk, (size_t)got);
		said->length += (size_t)got;
		said->text[said->length] = '\0';
	}
}

const char *said_text(const struct said *said)
{
	return said->text ? said->text : "";
}

/* Until no more comes: closing waits for a reader, which is this very test. */
static void settle(struct said *said)
{
	size_t before;

	do {
		before = said->length;
		said->sink->ops->flush(said->sink, false);
		usleep(20000);
		said_drain(said);
	} while (said->length != before);
}

void said_close(struct said *said)
{
	settle(said);
	said->sink->ops->close(said->sink);
	said_drain(said);
	close(said->ends[0]);
	close(said->ends[1]);
}

size_t said_count(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

void said_check_lines(const char *text)
{
	while (*text) {
		ck_assert_msg(strncmp(text, "pyjail: ", 8) == 0 ||
			      strncmp(text, "        ", 8) == 0,
			      "%.80s", text);
		text = strchr(text, '\n');
		ck_assert_ptr_nonnull(text);
		text++;
	}
}
