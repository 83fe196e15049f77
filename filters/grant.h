/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grant.h: rules born from answers, for this run.
 *
 * They live in policy->grants and count only where the policy asks: no grant lifts a refusal.
 * Among themselves they follow the rules of policy.h.  The script may change links while somebody
 * thinks, so that no link is followed here: a rule whose path goes through one is refused.
 */
#ifndef FILTERS_GRANT_H
#define FILTERS_GRANT_H

#include "filters/policy.h"

#define GRANT_SOURCE "an answer"
#define GRANTS_MAX 1024

/*
 * Adds what one line of policy says; it allows or denies.  0; -EINVAL, -E2BIG or another negative
 * errno with the reason in `fault`, and then nothing was added.
 */
int grant_add(struct policy *policy, const struct policy_vars *vars, const char *line,
	      struct fault *ret_fault);

/*
 * The narrowest rule for one want, as grant_add takes it: "allow write /home/ann/x" (and what is
 * below it, should it be a folder); `path` NULL: "allow net".  Its length; 0 and "": none can say
 * it, or it does not fit.  Pure.
 */
size_t grant_print(enum verdict_kind verdict, enum call_class class, const char *path, char *out,
		   size_t size);

#endif
