/* SPDX-License-Identifier: Apache-2.0 */
/*
 * op.h: one call being dealt with, from decoding to its answer.
 *
 * Owns everything that was taken from the tracee for it: the strings (each read once), the
 * descriptors that the files were resolved to, the copied buffers.  An op that is answered in the
 * same stop is freed there; one that waits (for its notification, for an answer, for a blocking
 * open) hangs on its tracee and dies with it.
 */
#ifndef TRACER_OP_H
#define TRACER_OP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "filters/call.h"
#include "filters/verdict.h"
#include "tracer/events/event.h"
#include "tracer/regs.h"

struct argv;
struct job;
struct stack;

/* Which way the kernel told us, and so how the answer goes back. */
enum door {
	DOOR_STOP,       /* RET_TRACE: the tracee is in a ptrace stop */
	DOOR_BRIDGE,     /* a stop whose number was rewritten: its notification will come, or has come */
	DOOR_NOTIFY      /* RET_USER_NOTIF at once */
};

enum wait {
	WAIT_NOTHING,
	WAIT_NOTIFICATION,   /* bridged, not yet received: a signal makes the kernel restart it */
	WAIT_ANSWER,         /* received; somebody is asked */
	WAIT_JOB,            /* received; a worker blocks in it */
	WAIT_CONNECT,        /* in its stop: a connect that the tracer has begun */
	WAIT_ROOM,           /* in its stop: a new task when another one has ended */
	WAIT_MOVED,          /* its folder is being moved on: listing_fill.h */
	WAIT_MASKED,         /* the kernel performs it, its result is looked at first: masked.h */
	WAIT_RETURN,         /* the kernel performs it; its thread stops when it returns: watched.h */
	WAIT_RESTART         /* given up for a signal: its number is put back at the signal stop */
};

/* How a path argument is meant. */
enum lookup {
	LOOKUP_FOLLOW,   /* the object at the end of all links */
	LOOKUP_LINK,     /* the last name itself, which must exist */
	LOOKUP_NAME,     /* a name in a folder, to be made, removed or replaced */
	LOOKUP_CREATE,   /* the object, or the name at which to create it */
	LOOKUP_FD        /* the tracee's descriptor itself */
};

/* A file that the call names, resolved once.  The op acts on these descriptors, never on text. */
struct object {
	enum lookup lookup;
	int dirfd;                   /* the tracee's, low 32 bits */
	int fd;                      /* O_PATH on the object; -1: does not exist, or LOOKUP_NAME */
	int parent;                  /* O_PATH on the folder of `name`; -1 */
	char name[NAME_MAX + 1];
	bool has_slash;              /* a trailing slash: only a folder will do */
	struct stat stat;            /* of fd, or of the name (not followed) */
	bool in_layer;               /* what `fd` is lies in the layer */
	bool is_moved;               /* `fd` is a real file that the view has under another name */
	int held_flags;              /* open flags of the tracee's own descriptor it was reached by; -1 */
	char raw[PATH_MAX];
	char path[PATH_MAX + 32];    /* canonical; what is judged */
};

struct op {
	enum door door;
	enum wait wait;
	pid_t pid, tid;
	uint64_t notify_id;
	uint64_t question;           /* WAIT_ANSWER */
	bool asks_interpreter;       /* the question is about the program of a #! line, in `text` */
	bool is_told;                /* the screen knows of the question */
	enum asked_how asked;            /* what became of it */
	int64_t asked_us, waited_us; /* since when, how long */
	int64_t until_us;            /* WAIT_ROOM: when it has waited long enough; 0: not yet */
	long result;                 /* WAIT_MOVED: what the call gives */
	int64_t began_us;            /* when the kernel began with it; 0: nobody measures */
	struct regs regs;            /* DOOR_STOP */
	struct call call;
	struct verdict verdict;
	unsigned object_count;
	struct object *object[CALL_FILES];
	uint64_t resolve_flags;      /* openat2 */
	int at_flags;
	pid_t target;                /* kill family, prlimit, ... */
	struct sockaddr_storage address;
	socklen_t address_length;
	int socket;                  /* WAIT_CONNECT; -1 */
	struct argv *argv;           /* of exec, as it was asked; NULL: not read */
	struct job *job;
	struct stack *stack;         /* where it comes from: stacks.h; NULL: nobody asks */
	struct op *next_waiting;     /* list of the ops whose tracee must still give way to signals */
	char text[PATH_MAX];         /* symlink target, attribute name; last: op_new clears to here */
};

struct op *op_new(enum door door, pid_t pid, pid_t tid);
void op_free(struct op *op);

/* The next object to be filled; NULL: out of memory or more files than any call names. */
struct object *op_object(struct op *op);

/* Another file in its place: takes `fd`. */
void object_put(struct object *object, int fd);

/* Forgets what was resolved, for another try. */
void object_reset(struct object *object);

#endif
