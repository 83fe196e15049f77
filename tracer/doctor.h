/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h: what this kernel and container offer, what is missing, what to do.
 *
 * Everything is tried, not looked up (trial.h).  Takes 5 s at most and leaves no process behind.
 */
#ifndef TRACER_DOCTOR_H
#define TRACER_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOCTOR_FINDINGS_MAX 24

enum finding_state {
	FINDING_OK,
	FINDING_WARN,            /* a run works, with less */
	FINDING_MISSING          /* no run is possible */
};

struct finding {
	const char *name;        /* static */
	enum finding_state state;
	char text[160];
	char cure[240];          /* "" when there is nothing to do */
};

/* Fills up to `max` findings; returns how many. */
int doctor_examine(struct finding *out, size_t max);

/* No finding is FINDING_MISSING. */
bool doctor_can_run(const struct finding *findings, size_t count);

/* "ok", "warning", "missing" */
const char *finding_state_name(enum finding_state state);

/* ---- the judgement alone, without touching anything ---- */

/* `release` as uname(2) has it. */
void doctor_judge_kernel(const char *release, struct finding *ret_finding);
void doctor_judge_machine(const char *machine, struct finding *ret_finding);

/* Content of /proc/sys/kernel/yama/ptrace_scope; -1: there is none. */
void doctor_judge_yama(int scope, bool has_ptrace_capability, struct finding *ret_finding);

/* An ABI, or the negative errno that asking for it gave. */
void doctor_judge_landlock(int abi, struct finding *ret_finding);

#endif
