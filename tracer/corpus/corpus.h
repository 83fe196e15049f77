/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus.h: pyjail corpus, without its printing: what to run with which programs, in a temporary
 * folder that is gone at the end, and everybody with it, also after Ctrl-C.
 */
#ifndef TRACER_CORPUS_CORPUS_H
#define TRACER_CORPUS_CORPUS_H

#include <signal.h>

#include "tracer/corpus/cases.h"
#include "tracer/corpus/compare.h"
#include "tracer/corpus/replay.h"
#include "tracer/options.h"

struct corpus {
	struct corpus_cases cases;
	struct replay_settings settings;
	char folder[PATH_MAX];         /* below $TMPDIR, or /tmp */
	char python[PATH_MAX], jail[PATH_MAX], wall2_jail[PATH_MAX];
	unsigned jobs;
	struct compare_settings compare;
	char sandboxes[PATH_MAX];
	struct compare_honest honest[SANDBOX_COUNT];
	/* In the order in which they end.  `why`: its runner failed, and `replay` is NULL. */
	void (*done)(void *data, size_t number, const struct replay *replay, const char *why);
	/* Of corpus_compare. */
	void (*compared)(void *data, size_t number, const struct compare *compare, const char *why);
	void *data;
};

/* -EINVAL or another negative errno, with a fault; corpus_close is due in any case. */
int corpus_open(const struct options *options, struct corpus *ret_corpus,
		struct fault *ret_fault);
void corpus_close(struct corpus *corpus);

/* Runs all.  0; or the signal that asked for an end; or a negative errno. */
int corpus_run(struct corpus *corpus);

/*
 * Runs all in every sandbox that lets its harmless program work (`honest` says which), and in the
 * jail.  Results as above; -ENOENT: no folder with sandboxes.
 */
int corpus_compare(struct corpus *corpus);

#endif
