/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.h: what a script of the corpus says about itself in its first comment lines.
 *
 * Pure.  docs/ADDING.md defines the format.  Nothing is guessed: an unknown key, word or class is
 * a fault with file and line, since a misspelt expectation would be one that always holds.
 */
#ifndef TRACER_CORPUS_HEADER_H
#define TRACER_CORPUS_HEADER_H

#include <limits.h>
#include <stdbool.h>

#include "base/fail.h"

/* What would prove success, seen from outside; a mask. */
enum corpus_proof {
	PROOF_CHANGED = 1,
	PROOF_PRINTED = 2,
	PROOF_CONNECTED = 4,
	PROOF_LISTENING = 8,
	PROOF_VICTIM = 16,
	PROOF_TRACER = 32,
	PROOF_SURVIVOR = 64,
	PROOF_EXCEEDED = 128,
	PROOF_OBJECT = 256,
	PROOF_RAW = 512,
	PROOF_TERMINAL = 1024,
	PROOF_END = 2048
};

enum corpus_control { CONTROL_YES, CONTROL_BOUNDED, CONTROL_NONE };

enum corpus_end { END_STATUS, END_SIGNAL, END_LIMIT };

/* The in-language sandbox that an attack is written for; the order of the columns. */
enum corpus_sandbox {
	SANDBOX_AUDIT, SANDBOX_AUDIT_PROCESS, SANDBOX_EXEC, SANDBOX_AST, SANDBOX_RESTRICTED,
	SANDBOX_COUNT,
	SANDBOX_ANY = SANDBOX_COUNT
};

#define HEADER_OPTIONS_MAX 24
#define HEADER_EXPECTS_MAX 16
#define HEADER_WORD_MAX 512
#define HEADER_TEXT_MAX 512

/* One event that the record must hold; "*" or "": any. */
struct corpus_expect {
	char call[32], class[16], verdict[16], error[16];
	char path[PATH_MAX];          /* '*' stands for any run of bytes */
};

struct corpus_header {
	char tries[HEADER_TEXT_MAX];
	unsigned proofs;              /* enum corpus_proof; 0: an ordinary program */
	char options[HEADER_OPTIONS_MAX][HEADER_WORD_MAX];
	unsigned option_count;
	struct corpus_expect expects[HEADER_EXPECTS_MAX];
	unsigned expect_count;
	bool expects_no_refusal;
	enum corpus_end end;
	int status;                   /* exit status, or number of the signal */
	char limit[16];
	enum corpus_control control;
	char control_reason[HEADER_TEXT_MAX];
	bool wall2_lets_through;      /* wall 2 alone does not hold it */
	char wall2_reason[HEADER_TEXT_MAX];
	char needs[HEADER_TEXT_MAX];  /* words, as written; need.h */
	bool is_for[SANDBOX_COUNT + 1];
	char input[HEADER_TEXT_MAX];  /* "": /dev/null */
	bool is_ordinary;
};

/*
 * `file` is only named in the fault.  `is_ordinary`: an honest program, which proves nothing and
 * must meet no refusal.  -EINVAL with a fault.
 */
int header_parse(const char *file, const char *text, bool is_ordinary,
		 struct corpus_header *ret_header, struct fault *ret_fault);

/* "changed"; "" for what is no single proof. */
const char *proof_name(unsigned proof);

/* "audit", ..., "any". */
const char *sandbox_name(enum corpus_sandbox sandbox);

/* "SIGSEGV" or "SEGV" -> 11; 0: no signal. */
int header_signal(const char *name);

#endif
