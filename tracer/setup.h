/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup.h: from the command line to what a run, or a question about one, needs: the script, the
 * interpreter, and the policy that follows from both.  Starts nothing, save a wrapper around
 * Python that must be asked (shim.h).
 */
#ifndef TRACER_SETUP_H
#define TRACER_SETUP_H

#include "tracer/options.h"
#include "tracer/python/find.h"
#include "tracer/script.h"

struct setup {
	bool has_script;                 /* a file: not -c, -m, - */
	struct script script;
	struct interpreter interpreter;
	char home[PATH_MAX];             /* canonical; "": not known */
	char cwd[PATH_MAX];
	struct policy_vars vars;
	struct policy *policy;
};

/* 0; else the exit status (2, 125, 126, 127) with a fault. */
int setup_new(const struct options *options, struct setup **ret_setup, struct fault *ret_fault);
void setup_free(struct setup *setup);

#endif
