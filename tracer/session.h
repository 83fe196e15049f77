/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h: what one run needs beside its policy: where events go, what the script is started
 * with; and what is left to do when it is over.
 */
#ifndef TRACER_SESSION_H
#define TRACER_SESSION_H

#include "tracer/events/human.h"
#include "tracer/run.h"
#include "tracer/source.h"
#include "tracer/target.h"

struct options;
struct setup;

#define SESSION_RESULTS_MAX 2    /* --result and --result-fd */

struct session {
	struct run_config config;        /* for run_script; the rest is our own */
	char **argv;
	char **envp;
	char **libraries;
	struct record_target record;
	struct result_target results[SESSION_RESULTS_MAX];
	struct private_tmp *tmp;         /* --tmp, --scratch; NULL: none */
	int start_folder;
	struct sink *recorder;           /* NULL: no --record */
	struct sink *speaker;
	struct sink *shower;             /* to the screen; NULL: there is none */
	char *start_text;                /* with --tui: the start object, for the screen */
	struct source source;            /* where the speaker finds lines of the script */
	struct human_source source_reader;
};

/* The ABI of the Landlock domain that a run would enter; 0: none. */
int session_landlock_abi(const struct options *options);

/*
 * Opens what --record and --result name, and only then empties the record.  `own_argv`: pyjail's,
 * for the record.  `keep_fds` is borrowed.  Negative errno with a fault; session_drop is due in
 * any case.
 */
int session_prepare(const struct options *options, const struct setup *setup,
		    char *const *own_argv, const int *keep_fds, struct session *ret_session,
		    struct fault *ret_fault);

/* Events go to the screen too.  `screen` is borrowed; -ENOMEM. */
int session_show(struct session *session, struct run_screen *screen);

/* How the outputs fared; errors are positive errno, 0 for none. */
struct session_end {
	uint64_t lost;
	int record_error;
	int result_error;
	int layer_error;         /* what --tmp covered could not be dropped */
};

/* The last words of record and result, what was changed among them.  The script must be gone. */
void session_finish(struct session *session, struct run_result *result,
		    struct session_end *ret_end);

/* Frees.  When the run was not finished, no new file is left behind. */
void session_drop(struct session *session);

#endif
