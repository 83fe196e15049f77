/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp.h: table and policy -> the program that the kernel runs.
 *
 * Built with libseccomp, then *exported*: tests, `pyjail policy --bpf`, `pyjail why` and the run
 * itself use the exported instructions, never libseccomp's idea of them.
 * Default action: RET_TRACE.  Another machine's entry (i386, x32) kills the process.
 * A stop that is owed to the watch alone has WATCH_DATA: the kernel would let the call pass.
 */
#ifndef FILTERS_SECCOMP_H
#define FILTERS_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filters/watch.h"

struct policy;

/* epoll_wait_old: implemented by no kernel, allowed by container profiles (DESIGN.md section 2). */
#define DEAD_CALL_NR 215

/* What the program depends on, and nothing else. */
struct filter_mode {
	bool passes_reads;    /* read-only opens run in the kernel: all reads are allowed */
	bool passes_net;      /* IP sockets allowed */
	bool stops_stat;      /* a stat rule exists, or one that hides, shows or fakes */
	bool stops_hidden;    /* something is hidden, or may come to be; then stops_stat, too */
	bool stops_layer;      /* some writes go to a layer; then stops_stat, too */
	bool stops_memfd;     /* memory is limited */
	bool is_allow_all;
	bool stops_brokered;  /* what the tracer performs stops instead of going to the listener */
	enum watch watch;     /* what passes otherwise and stops all the same; chosen by the caller */
};

struct filter_program {
	struct sock_filter *code;
	size_t length;        /* instructions */
	bool is_lent;         /* the code belongs to somebody else: filter_free leaves it */
};

/*
 * `brokers_reads`: even where all are allowed.  For root, whose files may need a capability that
 * the script has not; and without Landlock, which else keeps other processes' memory unread.
 * `wants_native`: C frames are told of every call, not only where a rule says so.  They are found by
 * the registers of a stop.
 */
struct filter_mode filter_mode_of(const struct policy *policy, bool brokers_reads,
				  bool limits_memory, bool wants_native);

/* Whether such a call goes to the listener: what the program says, without it. */
bool filter_notifies(const struct filter_mode *mode, long nr, const uint64_t args[6]);

/*
 * Costs as much as a fifth of Python's start: who wants a program to run asks embedded.h.
 * 0 or negative errno.  The caller frees with filter_free.
 */
int filter_build(const struct filter_mode *mode, struct filter_program *ret_program);
void filter_free(struct filter_program *program);

#endif
