/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.h: one program that the runner starts and watches: pyjail with a script, or in a control
 * the script itself below a stand-in for pyjail.
 *
 * Each has a session of its own, and waits for child_go, so that it can be looked at before its
 * first instruction.  It dies with its starter.
 */
#ifndef TRACER_CORPUS_CHILD_H
#define TRACER_CORPUS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILD_OPEN_FD 9
#define STREAM_KEPT 65536

/* What came out: the first bytes, how many in all, and whether the token was among them. */
struct stream {
	int fd;                   /* -1: closed */
	char text[STREAM_KEPT];   /* NUL-terminated */
	size_t length;
	uint64_t bytes;
	const char *token;
	size_t matched;
	bool has_token;
};

struct child_plan {
	char *const *argv;
	char *const *envp;
	const char *cwd;
	const char *input;        /* "": /dev/null */
	const char *token;
	const char *variable;     /* NAME=VALUE that only the process above the script has */
	const char *open_file;    /* open for writing as CHILD_OPEN_FD in whoever does not close it */
	bool has_terminal;        /* a new one, as controlling terminal and descriptors 0 to 2 */
	bool has_stand_in;        /* between us and the program: it only waits */
	bool is_bounded;          /* address space and file size have an end */
};

struct child {
	pid_t top;                /* our own child: the program, or the stand-in */
	pid_t program;
	int end_fd;               /* pidfd of the program: readable when it has ended */
	int go_fd;
	int terminal;             /* the slave: what was typed, or pushed, is there; -1: none */
	struct stream out, err;   /* with a terminal all is in `out` */
};

/* child_drop is due in any case. */
int child_start(struct child *child, const struct child_plan *plan);
void child_go(struct child *child);

/* Takes what has come, for at most `patience_ms`.  True: the program has ended. */
bool child_attend(struct child *child, int patience_ms);

/* The rest that is there now. */
void child_drain(struct child *child);

/* Bytes in the terminal's input that nobody read. */
unsigned child_pushed(const struct child *child);

/* Closes what it holds; kills nobody (tree.h). */
void child_drop(struct child *child);

#endif
