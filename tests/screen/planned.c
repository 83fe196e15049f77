/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planned.c: in the screen's place for test_screen: does as $PYJAIL_SCREEN_PLAN says.
 *
 *     allow, deny    every question, and over when the run is
 *     leave, kill    go that way at the first question
 *     crash          is killed at the first question
 *     fault          never starts
 *
 * What it saw goes to the file $PYJAIL_SCREEN_LOG: messages by name, the script's output.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tui/tui.h"

static int log_fd;

static void say(const char *text, size_t size)
{
	if (write(log_fd, text, size) < 0)
		abort();
}

static void say_word(const char *word)
{
	say("[", 1);
	say(word, strlen(word));
	say("]", 1);
}

/* True: this ends the screen. */
static bool act(const struct tui_config *config, const char *plan, uint64_t question,
		enum tui_end *ret_end)
{
	if (!strcmp(plan, "crash"))
		raise(SIGKILL);
	if (!strcmp(plan, "leave") || !strcmp(plan, "kill")) {
		*ret_end = plan[0] == 'l' ? TUI_LEFT : TUI_KILLED;
		return true;
	}
	wire_send(config->wire, WIRE_ANSWER, question, !strcmp(plan, "allow"), "", 0);
	return false;
}

static void copy_output(const struct tui_config *config)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(config->pty, bytes, sizeof(bytes))) > 0)
		say(bytes, (size_t)n);
}

/* 1: go on; 0: this ends the screen. */
static int take(const struct tui_config *config, const char *plan, enum tui_end *ret_end)
{
	static struct wire_message message;
	static const char *const names[] = { "start", "ask", "withdrawn", "result", "fault",
					     "note" };
	int got = wire_receive(config->wire, &message);

	if (got <= 0)
		return got != -EPIPE;
	if (message.head.kind < sizeof(names) / sizeof(names[0]))
		say_word(names[message.head.kind]);
	if (message.head.kind == WIRE_ASK && act(config, plan, message.head.question, ret_end))
		return 0;
	return message.head.kind != WIRE_RESULT;
}

int tui_run(const struct tui_config *config, enum tui_end *ret_end, struct fault *ret_fault)
{
	const char *plan = getenv("PYJAIL_SCREEN_PLAN"), *log = getenv("PYJAIL_SCREEN_LOG");
	struct pollfd polls[2] = { { config->wire, POLLIN, 0 }, { config->pty, POLLIN, 0 } };
	struct ring_counts counts;

	if (!plan || !log || !strcmp(plan, "fault")) {
		fault_set(ret_fault, "the screen has no plan");
		return -ENOTTY;
	}
	log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	*ret_end = TUI_OVER;
	do {
		if (polls[1].revents & POLLHUP)
			polls[1].fd = -1;
		poll(polls, 2, -1);
		copy_output(config);
	} while (take(config, plan, ret_end));
	copy_output(config);
	ring_read_counts(config->ring, &counts);
	say_word(counts.events > 0 ? "events" : "no events");
	return 0;
}
