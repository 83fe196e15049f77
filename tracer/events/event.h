/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h: what happened, as data.
 *
 * Made once per stop that was decided, handed to every sink, valid only during that call.
 * Paths are bytes that the script chose: sinks escape them.
 */
#ifndef TRACER_EVENTS_EVENT_H
#define TRACER_EVENTS_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "filters/call.h"
#include "filters/verdict.h"

struct stack;

enum event_kind {
	EVENT_CALL,      /* a call was decided */
	EVENT_LIMIT,     /* a limit was reached: `reason` names it */
	EVENT_NOTE       /* something a reader must know: `reason` says it */
};

/* How it went.  An allowed call may still fail: then error says so. */
enum event_outcome {
	OUTCOME_ALLOW,
	OUTCOME_DENY,
	OUTCOME_KILL,
	OUTCOME_ERROR,   /* the system's own answer before policy was asked: no such file */
	OUTCOME_HIDE,    /* not there, by a rule: `error`; 0: names were left out of a listing */
	OUTCOME_VIEW,    /* done, on the file that a rule shows in its place: `path2` */
	OUTCOME_FAKE,    /* said to be done, and not done */
	OUTCOME_SCRATCH, /* done in the private layer */
	OUTCOME_COUNT
};

/* "allow" "deny" "kill" "error" "hide" "view" "fake" "scratch" */
const char *outcome_name(enum event_outcome outcome);

/* What became of the question, where the policy asks. */
enum asked_how {
	ASKED_NOT,
	ASKED_ONCE,         /* answered for this once */
	ASKED_RUN,          /* answered by a rule for this run */
	ASKED_GRANT,        /* it waited, and another answer's rule covered it */
	ASKED_WITHDRAWN,    /* its thread took a signal or ended */
	ASKED_SCREEN_GONE,  /* nobody is there any more: refused */
	ASKED_NO_SCREEN,    /* nobody ever was: refused */
	ASKED_COUNT
};

const char *asked_name(enum asked_how asked);   /* "once" "run" ...; NULL: ASKED_NOT */

struct event {
	enum event_kind kind;
	uint64_t n;                /* 1, 2, 3 ... */
	uint64_t t_us;             /* since the start of the run */
	pid_t pid, tid;
	pid_t parent;              /* who made the process; 0: pyjail did, or not known */
	const char *call;          /* "openat"; "syscall_999" for a number without a row */
	enum call_class class;
	enum event_outcome outcome;
	int error;                 /* what the script sees: positive errno, 0 for success */
	const char *path;          /* canonical; NULL: none */
	const char *path2;         /* the other end of rename and link */
	const char *host;          /* where a socket is to lead: "203.0.113.9:443"; NULL: nowhere */
	const char *raw;           /* as the script wrote it, when it differs; NULL otherwise */
	const char *action;        /* plain words: "write", "run", "connect", "send signal 9 to 1" */
	const char *flags;         /* "O_WRONLY|O_CREAT|O_TRUNC"; "" when the call has none */
	const char *effects;       /* of an open: "create, truncate"; "" otherwise */
	const char *const *argv;   /* of exec: the words, NULL ends; NULL: not known, or read back */
	const char *command;       /* the same as a shell would take it; NULL: none */
	const char *rule;          /* text of the deciding rule; NULL: none */
	const char *source;        /* where that rule stands; NULL: none */
	bool rule_is_users;        /* an explicit rule of the user's refused it: no flag to suggest */
	const char *reason;        /* why, when it was not a rule; NULL: none */
	const char *where;         /* "demo.py:3 in save()", a label: stack.h; NULL: unknown */
	const struct stack *stack; /* more of the same; NULL: nobody asked */
	bool is_probe;             /* access(2): an answer, not an attempt; not counted as denied */
	bool was_asked;            /* the policy asks: the outcome is the answer */
	uint64_t dur_us;           /* in the kernel, as the tracer saw it; 0: not known */
	const char *asked;         /* asked_name(); NULL: the policy does not ask */
	uint64_t waited_us;        /* how long the question waited */
};

#endif
