/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h: one system call as it is asked, with everything a decider needs.
 *
 * Plain data.  The tracer fills it from registers and from *one* reading of memory, and has
 * resolved the files it names; deciders only read it.  All pointers live as long as the stop.
 */
#ifndef FILTERS_CALL_H
#define FILTERS_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct syscall_row;

/* What a rule can speak of, and what it cannot (from CLASS_SIGNAL on). */
enum call_class {
	CLASS_READ,
	CLASS_WRITE,
	CLASS_DELETE,
	CLASS_STAT,
	CLASS_EXEC,
	CLASS_NET,
	CLASS_ENV,
	CLASS_IN_RULES,
	CLASS_SIGNAL = CLASS_IN_RULES,
	CLASS_PROCESS,
	CLASS_SYSTEM,
	CLASS_COUNT
};

/* "read", "write", ... */
const char *class_name(enum call_class class);

#define CALL_FILES 2

/*
 * A file that a call names, after resolution.
 * `raw` is what the tracee wrote, `path` the canonical name of the object meant: an absolute
 * path, own /proc entries written as /proc/self/... whatever their number.  For an object that
 * does not exist yet, or a call that acts on a name (unlink, rename), `path` is the canonical
 * parent plus the last component.
 */
struct call_file {
	const char *raw;      /* NULL: the call names no such file */
	const char *path;     /* NULL: not resolved (then `error` says why), or no name at all */
	int error;            /* errno of the resolution, 0 when it went well */
	mode_t type;          /* S_IFMT bits when it exists, else 0 */
	bool exists;
	bool is_nameless;     /* pipe, socket, memfd, deleted file: reached by descriptor only */
	bool is_open;         /* named by a descriptor alone: fstat(3), listings, fchmod(2) */
	bool is_held;         /* the tracee's own descriptor already gives what is asked */
	bool is_foreign_proc; /* /proc/N of a process outside the tree; the tracer's is one */
	bool is_own;          /* made by the script in its layer, or about to be: no rule need let it be read */
	bool is_gone;         /* deleted, as far as the script knows: it is still there */
	bool is_faked;        /* written only as far as the script knows: tracer/fakes.h */
	bool is_behind;       /* `path` is only on the way to what is meant, and hidden */
	bool is_unreadable;   /* exec: the user cannot read the program */
};

/* Whom a call about processes means. */
enum call_target {
	TARGET_NONE,
	TARGET_SELF,          /* the calling process */
	TARGET_TREE,          /* another process of the script's tree */
	TARGET_GROUP,         /* a process group, or all: the tracer does it member by member */
	TARGET_GONE,          /* no such process */
	TARGET_FOREIGN,       /* anything else */
	TARGET_TRACER         /* pyjail itself: refused even under --allow-all */
};

struct call {
	const struct syscall_row *row;  /* NULL: a number that has no row */
	long nr;
	uint64_t args[6];
	struct call_file file[CALL_FILES];
	int flags;            /* open flags, rename flags, at flags: low 32 bits, as the kernel sees them */
	unsigned mode;
	int family;           /* of a socket or an address */
	enum call_target target;
	bool is_probe;        /* only asks (access): a refusal is an answer, not an event to shout about */
};

/* O_LARGEFILE as the kernel has it (libc's is 0): some callers put it in every open; it says nothing. */
#define CALL_LARGEFILE 0100000

/* Write intent of open flags: DESIGN's definition, on 32 bits. */
bool call_flags_write(int flags);

#endif
