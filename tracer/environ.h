/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environ.h: the environment that a script gets.
 *
 * What policy allows, as it is, plus PYTHONDONTWRITEBYTECODE=1: Python would try to write a
 * __pycache__ beside every module that it imports, and each try would be a refusal to report.
 * Under --allow-all the whole environment passes unchanged.
 */
#ifndef TRACER_ENVIRON_H
#define TRACER_ENVIRON_H

struct policy;

/* NULL-terminated; the strings are those of `environment`.  The caller frees the array alone. */
int environ_reduce(const struct policy *policy, char *const *environment, char ***ret_reduced);

#endif
