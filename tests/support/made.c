/* SPDX-License-Identifier: Apache-2.0 */
/* made.c: see made.h. */
#include "tests/support/made.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"

#define FRAMES_MAX 64

struct event made_event(uint64_t n)
{
	return (struct event){
		.kind = EVENT_CALL, .n = n, .t_us = n * 1000, .pid = 100, .tid = 100,
		.call = "openat", .class = CLASS_READ, .outcome = OUTCOME_ALLOW,
		.path = "/tmp/FILE", .flags = "O_RDONLY", .effects = "", .action = "read",
	};
}

void made_pack(struct made *made, const struct event *event)
{
	struct read_event read;

	read_event_of(event, &read);
	made->size = flat_pack(&read, made->bytes);
}

const struct stack *made_stack(const char *file, int line, const char *function, unsigned frames)
{
	static struct python_frame python[FRAMES_MAX];
	static struct stack stack;

	for (unsigned i = 0; i < frames && i < FRAMES_MAX; i++)
		python[i] = (struct python_frame){ file, function, line - (int)i, false };
	stack = (struct stack){ .detail = STACK_PYTHON, .python = python, .python_count = frames };
	return &stack;
}

static long pick(long count)
{
	return random() % count;
}

static void end_somehow(struct event *event)
{
	static const enum event_outcome outcomes[] = { OUTCOME_ALLOW, OUTCOME_ALLOW, OUTCOME_ALLOW,
						       OUTCOME_DENY, OUTCOME_ERROR, OUTCOME_KILL };

	event->outcome = outcomes[pick(ARRAY_SIZE(outcomes))];
	event->is_probe = pick(20) == 0;
	event->was_asked = pick(20) == 0;
	if (event->outcome != OUTCOME_ALLOW || pick(10) == 0)
		event->error = event->outcome == OUTCOME_ERROR ? ENOENT : EACCES;
	event->dur_us = pick(2) ? (uint64_t)pick(100000) : 0;
}

void made_random(struct made *made, uint64_t n)
{
	static const struct {
		const char *call;
		enum call_class class;
	} calls[] = {
		{ "openat", CLASS_READ }, { "openat", CLASS_WRITE }, { "unlink", CLASS_DELETE },
		{ "execve", CLASS_EXEC }, { "newfstatat", CLASS_STAT }, { "connect", CLASS_NET },
		{ "kill", CLASS_SIGNAL },
	};
	static const char *const rules[] = { NULL, "allow read /usr", "deny write /etc" };
	struct event event = made_event(n);
	long call = pick(ARRAY_SIZE(calls));
	char path[64], path2[64], host[32];

	snprintf(path, sizeof(path), "/tmp/\xc3\xa9 %ld,=~!\\\n", pick(40));
	snprintf(path2, sizeof(path2), "/tmp/%ld", pick(40));
	snprintf(host, sizeof(host), "203.0.113.%ld:443", pick(5));
	event.call = calls[call].call;
	event.class = calls[call].class;
	event.pid = event.tid = (pid_t)(100 + pick(3));
	event.path = call < 5 && pick(10) ? path : NULL;
	event.path2 = event.path && pick(10) == 0 ? path2 : NULL;
	event.host = call == 5 ? host : NULL;
	event.rule = rules[pick(ARRAY_SIZE(rules))];
	event.stack = pick(4) ? made_stack(pick(2) ? "/tmp/a.py" : "b.py", 1 + (int)pick(30), "f",
					   1 + (unsigned)pick(3)) : NULL;
	end_somehow(&event);
	made_pack(made, &event);
}
