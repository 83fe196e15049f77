/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h: what tracer and screen say to each other beside the ring: a SOCK_SEQPACKET pair, a
 * message a packet.
 *
 * Neither side waits for the other: both ends do not block, and who finds the pair full tries
 * again later.  The screen reads only what this header can name; the tracer takes any packet as
 * hostile: of another length or kind it is dropped.
 *
 * An answer with a rule counts for its own question as its flag says, and then for every question
 * that the rule covers: those that wait are withdrawn.  The rule is one line of policy that allows
 * or denies (filters/grant.h, whose grant_print makes the narrowest); one that cannot be taken
 * gives a WIRE_NOTE, and the answer counts once.  Questions are numbered from 1.
 */
#ifndef TRACER_EVENTS_WIRE_H
#define TRACER_EVENTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/events/flat.h"

#define WIRE_VERSION 1
#define WIRE_RULE_MAX 16512             /* RULE_TEXT_MAX and a NUL, rounded up */
#define WIRE_JSON_MAX (128u << 10)      /* a start or result object, and a NUL */

enum wire_kind {
	/* From the tracer. */
	WIRE_START,      /* json: the start object of a record */
	WIRE_ASK,        /* question, event: a thread waits for an answer */
	WIRE_WITHDRAWN,  /* question: answered otherwise, or its thread is gone */
	WIRE_RESULT,     /* json: the result object; the last message */
	WIRE_FAULT,      /* text: the run could not be started */
	WIRE_NOTE,       /* text: a rule was not taken, and why */
	/* From the screen. */
	WIRE_ANSWER,     /* question, allow, rule ("": once) */
	WIRE_FREEZE,     /* flag */
	WIRE_END,        /* kill the script */
	WIRE_LEAVE,      /* the screen closes, nobody answers any more; the script goes on */
	WIRE_KINDS
};

struct wire_head {
	uint32_t version;
	uint32_t kind;
	uint64_t question;
	uint32_t flag;          /* allow; freeze */
	uint32_t size;          /* bytes that follow */
};

/* One message, its body in `body`. */
struct wire_message {
	struct wire_head head;
	char body[WIRE_JSON_MAX];
};

int wire_pair(int ret_ends[2]);

/* 0; -EAGAIN: full; -EPIPE: nobody is there; -EMSGSIZE.  `body` may be NULL when size is 0. */
int wire_send(int fd, enum wire_kind kind, uint64_t question, bool flag, const void *body,
	      size_t size);

/*
 * 1: a message, whose head was checked and whose body has a NUL behind it; 0: none so far;
 * -EPIPE: the other side is gone; -EBADMSG: a packet that is none, dropped.
 */
int wire_receive(int fd, struct wire_message *ret_message);

#endif
