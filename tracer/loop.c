/* SPDX-License-Identifier: Apache-2.0 */
/* loop.c: see loop.h. */
#include "tracer/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/timerfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/answer.h"
#include "tracer/ask.h"
#include "tracer/calls.h"
#include "tracer/jobcontrol.h"
#include "tracer/limits.h"
#include "tracer/relay.h"
#include "tracer/reply.h"
#include "tracer/stops.h"
#include "tracer/waiting.h"

#define WAITING_LOOK_US 20000
#define ENDING_LOOK_US 50000
/*
 * Stops dealt with before the other sources get their turn, and notifications before stops do: who
 * comes by one door must not starve who comes by the other.
 */
#define STOPS_IN_A_ROW 4
#define NOTIFICATIONS_IN_A_ROW 4

/* What poll waits for, in this order; sinks follow. */
enum source {
	FROM_LISTENER, FROM_SIGNALS, FROM_RARE, FROM_SCREEN, FROM_TERMINAL, SOURCES
};

/*
 * What is hardly ever ready.  Each descriptor that poll is given costs every call of the script
 * 0.15 us; these are one, an epoll(7) instance.
 */
enum rare {
	RARE_TICK, RARE_WALL, RARE_WAKE, RARE_ANSWERS, RARES
};

#define POLLS_MAX (SOURCES + RUN_SINKS_MAX)

/*
 * The only task there is has just been dealt with: its next stop sends a SIGCHLD of its own, since
 * the last one was read before wait4 was asked.  With more tasks one SIGCHLD may stand for several.
 */
static bool was_all(const struct tracer *tracer, pid_t tid)
{
	return HASH_COUNT(tracer->tracees.by_tid) == 1 && tracer->tracees.cloning == 0 &&
	       tracee_find(&tracer->tracees, tid);
}

/*
 * Every stop and every end sends SIGCHLD (ptrace(2); its disposition is the default one, without
 * SA_NOCLDSTOP), so there is nothing to ask for until one was read.
 */
static void take_stops(struct tracer *tracer)
{
	struct rusage usage;
	int status;

	for (int i = 0; tracer->has_stops && i < STOPS_IN_A_ROW; i++) {
		pid_t tid = turns_wait(&tracer->turns, &tracer->tracees, &status, &usage);

		if (tid < 0 && errno == ECHILD)
			stops_none_left(tracer);
		if (tid > 0)
			stop_taken(tracer, tid, status, &usage);
		if (tid <= 0 || was_all(tracer, tid))
			tracer->has_stops = false;
	}
}

static int64_t sooner(int64_t a, int64_t b)
{
	if (!a || !b)
		return a ? a : b;
	return a < b ? a : b;
}

/* A tick that comes too early looks for nothing; to set the timer at every stop would cost more. */
static void tick_within(struct tracer *tracer, int64_t us)
{
	int64_t end_us = tracer_now_us() + us;
	struct itimerspec when = { .it_value = { .tv_sec = us / 1000000,
						 .tv_nsec = us % 1000000 * 1000 } };

	if (tracer->tick_us && tracer->tick_us <= end_us)
		return;
	tracer->tick_us = end_us;
	timerfd_settime(tracer->tick_timer, 0, &when, NULL);
}

/* Everything that is looked at from time to time, and when to look again. */
static void look(struct tracer *tracer)
{
	int64_t next = sooner(limits_look(tracer), jobcontrol_look(tracer));

	next = sooner(next, lease_look(tracer));
	if (tracer->waiting && !tracer->is_frozen) {
		calls_look(tracer);
		next = sooner(next, WAITING_LOOK_US);
	}
	/* A kill that came between a fork and its event is repeated until nobody is left. */
	if (tracer->is_ending) {
		tracer_end(tracer, NULL);
		next = sooner(next, ENDING_LOOK_US);
	}
	if (next)
		tick_within(tracer, next);
}

static int open_rare(const struct tracer *tracer)
{
	const int fds[RARES] = { tracer->tick_timer, tracer->wall_timer, tracer->wake,
				 tracer->answers };
	int rare = epoll_create1(EPOLL_CLOEXEC);

	for (unsigned i = 0; rare >= 0 && i < RARES; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

		if (fds[i] >= 0 && epoll_ctl(rare, EPOLL_CTL_ADD, fds[i], &event) < 0) {
			close(rare);
			rare = -1;
		}
	}
	return rare;
}

static unsigned fill_polls(struct tracer *tracer, int rare, struct pollfd *polls)
{
	unsigned n = SOURCES;
	short events;
	int screen = ask_fd(tracer, &events);

	polls[FROM_LISTENER] = (struct pollfd){ tracer->is_frozen ? -1 : tracer->listener, POLLIN,
						0 };
	polls[FROM_SIGNALS] = (struct pollfd){ tracer->signals, POLLIN, 0 };
	polls[FROM_RARE] = (struct pollfd){ rare, POLLIN, 0 };
	polls[FROM_SCREEN] = (struct pollfd){ screen, events, 0 };
	polls[FROM_TERMINAL] = (struct pollfd){ ask_terminal(tracer), POLLIN, 0 };
	for (size_t i = 0; i < tracer->config->sink_count; i++) {
		const struct sink *sink = tracer->config->sinks[i];

		if (sink->wants_write && sink->fd >= 0)
			polls[n++] = (struct pollfd){ sink->fd, POLLOUT, 0 };
	}
	return n;
}

static void flush_sinks(struct tracer *tracer)
{
	for (size_t i = 0; i < tracer->config->sink_count; i++) {
		struct sink *sink = tracer->config->sinks[i];

		if (sink->wants_write)
			sink->ops->flush(sink, false);
	}
}

static void drain_counter(int fd)
{
	uint64_t count;

	/* Only that it is read matters, not how much was in it. */
	if (read(fd, &count, sizeof(count)) < 0)
		return;
}

static void take_answers(struct tracer *tracer)
{
	struct answer answer;

	while (answer_read(tracer->answers, &answer)) {
		struct op *op = answer.question ? waiting_question(tracer, answer.question) : NULL;

		if (op)
			call_answered(tracer, op, answer.allow, ASKED_ONCE);
	}
}

static void serve_one(struct tracer *tracer, enum rare source)
{
	switch (source) {
	case RARE_TICK:
		drain_counter(tracer->tick_timer);
		tracer->tick_us = 0;
		break;
	case RARE_WALL:
		drain_counter(tracer->wall_timer);
		tracer_end(tracer, "time");
		break;
	case RARE_WAKE:
		drain_counter(tracer->wake);
		if (!tracer->is_frozen)
			calls_look(tracer);
		break;
	case RARE_ANSWERS:
		take_answers(tracer);
		break;
	case RARES:
		break;
	}
}

static void serve_rare(struct tracer *tracer, int rare)
{
	struct epoll_event events[RARES];
	int count = epoll_wait(rare, events, RARES, 0);

	for (int i = 0; i < count; i++)
		serve_one(tracer, (enum rare)events[i].data.u32);
}

static void serve(struct tracer *tracer, int rare, const struct pollfd *polls, unsigned count)
{
	/* Receiving sleeps when nothing is there: never more than poll has seen, which is one. */
	if (polls[FROM_LISTENER].revents & POLLIN)
		call_notified(tracer);
	else if (polls[FROM_LISTENER].revents & (POLLHUP | POLLERR))
		tracer->listener = -1 - tracer->listener;   /* nobody is left behind this filter */
	if (polls[FROM_SIGNALS].revents) {
		jobcontrol_read(tracer);
		tracer->has_stops = true;
	}
	if (polls[FROM_RARE].revents)
		serve_rare(tracer, rare);
	if (polls[FROM_SCREEN].revents)
		ask_serve(tracer, polls[FROM_SCREEN].revents);
	if (polls[FROM_TERMINAL].revents)
		ask_drain(tracer);
	if (relay_is_over(tracer->relay))
		tracer_end(tracer, "output");
	for (unsigned i = SOURCES; i < count; i++)
		if (polls[i].revents) {
			flush_sinks(tracer);
			break;
		}
}

void loop(struct tracer *tracer)
{
	cleanup_close int rare = open_rare(tracer);
	struct pollfd polls[POLLS_MAX];
	unsigned count, notified = 0;

	if (rare < 0) {
		tracer_fail(tracer, "epoll: errno %d", errno);
		return;
	}
	for (;;) {
		if (!tracer->is_frozen && notified % NOTIFICATIONS_IN_A_ROW == 0)
			take_stops(tracer);
		if (!tracer->tracees.by_tid) {
			/* What the screen reads last. */
			ask_update(tracer);
			return;
		}
		look(tracer);
		ask_update(tracer);
		count = fill_polls(tracer, rare, polls);
		if (poll(polls, count, tracer->has_stops && !tracer->is_frozen ? 0 : -1) < 0 &&
		    errno != EINTR) {
			tracer_fail(tracer, "poll: errno %d", errno);
			return;
		}
		notified = polls[FROM_LISTENER].revents & POLLIN ? notified + 1 : 0;
		serve(tracer, rare, polls, count);
	}
}
