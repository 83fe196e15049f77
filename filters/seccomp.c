/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp.c: see seccomp.h.  Walks syscalls.def and args.def, both by number: the library need not
 * know the names of new calls.
 *
 * Only equality under a mask is used.  libseccomp 2.5.4 merges some 64-bit comparisons wrongly
 * (GHSA-4q85-33p6-j5g6), which is also why the tests run the exported program.
 */
#include "filters/seccomp.h"

#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/args.h"
#include "filters/policy.h"
#include "filters/syscalls.h"

static bool has_native_rule(const struct policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (policy->rules[i]->stack == STACK_NATIVE)
			return true;
	return false;
}

struct filter_mode filter_mode_of(const struct policy *policy, bool brokers_reads,
				  bool limits_memory, bool wants_native)
{
	struct filter_mode mode = {
		.stops_stat = policy_judges_stat(policy) || policy->has_views || policy->fakes ||
			      policy->scratches,
		.stops_hidden = policy->hides || policy->fakes,
		.stops_layer = policy->scratches,
		.stops_memfd = limits_memory,
		.is_allow_all = policy->allows_all,
		.stops_brokered = wants_native || has_native_rule(policy),
	};

	/* --allow-all refuses nothing, yet records all that the default policy stops. */
	if (mode.is_allow_all)
		return mode;
	mode.passes_reads = policy_allows_everything(policy, CLASS_READ) && !brokers_reads &&
			    !mode.stops_stat;
	mode.passes_net = policy_allows_everything(policy, CLASS_NET);
	return mode;
}

static bool when_holds(enum arg_when when, const struct filter_mode *mode)
{
	bool reads_free = mode->passes_reads && !mode->is_allow_all;

	switch (when) {
	case WHEN_ALWAYS:       return true;
	case WHEN_STAT_FREE:    return !mode->stops_stat;
	case WHEN_READS_FREE:   return reads_free;
	case WHEN_OPENS_JUDGED: return !reads_free && !mode->stops_brokered;
	case WHEN_WRITES_JUDGED: return reads_free && !mode->stops_brokered;
	case WHEN_BROKERED:     return !mode->stops_brokered;
	case WHEN_STAT_JUDGED:  return mode->stops_stat && !mode->stops_brokered;
	case WHEN_MEMORY_FREE:  return !mode->stops_memfd;
	case WHEN_NET_FREE:     return mode->passes_net && !mode->is_allow_all;
	}
	return false;
}

static uint32_t pass(const struct syscall_row *row, const struct filter_mode *mode)
{
	return watch_wants(mode->watch, row) ? SCMP_ACT_TRACE(WATCH_DATA) : SCMP_ACT_ALLOW;
}

static uint32_t broker(const struct filter_mode *mode)
{
	return mode->stops_brokered ? 0 : SCMP_ACT_NOTIFY;
}

/* 0: the default action, which libseccomp wants unsaid. */
static uint32_t action_of_row(const struct syscall_row *row, const struct filter_mode *mode)
{
	switch (row->action) {
	case FILTER_PASS:       return pass(row, mode);
	case FILTER_ENOSYS:     return SCMP_ACT_ERRNO(ENOSYS);
	case FILTER_BROKER:     return broker(mode);
	case FILTER_BROKER_STAT:
		return mode->stops_stat ? broker(mode) : pass(row, mode);
	case FILTER_STOP_HIDE:  return mode->stops_hidden ? 0 : pass(row, mode);
	case FILTER_STOP_ENTER:
		return mode->stops_hidden || mode->stops_layer ? 0 : pass(row, mode);
	case FILTER_STOP_LAYER:  return mode->stops_layer ? 0 : pass(row, mode);
	case FILTER_STOP_MEMFD: return mode->stops_memfd ? 0 : pass(row, mode);
	case FILTER_STOP:
	case FILTER_BROKER_ARGS: return 0;
	}
	return 0;
}

static int add_rows(scmp_filter_ctx context, const struct filter_mode *mode)
{
	for (size_t i = 0; i < syscall_row_count; i++) {
		uint32_t action = action_of_row(&syscall_rows[i], mode);
		int e = 0;

		if (action)
			e = seccomp_rule_add_exact_array(context, action, syscall_rows[i].nr, 0,
							 NULL);
		if (e < 0)
			return e;
	}
	return 0;
}

static int add_arg_rule(scmp_filter_ctx context, const struct filter_mode *mode,
			const struct arg_rule *rule)
{
	uint32_t action = rule->result == ARG_PASS ? pass(syscall_by_nr(rule->nr), mode) :
						     SCMP_ACT_NOTIFY;
	struct scmp_arg_cmp compares[ARG_TESTS_MAX];
	unsigned count = 0;

	for (; count < ARG_TESTS_MAX && rule->tests[count].mask; count++)
		compares[count] = (struct scmp_arg_cmp){
			.arg = rule->tests[count].index,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = rule->tests[count].mask,
			.datum_b = rule->tests[count].value,
		};
	return seccomp_rule_add_exact_array(context, action, rule->nr, count, compares);
}

static int add_arg_rules(scmp_filter_ctx context, const struct filter_mode *mode)
{
	for (size_t i = 0; i < arg_rule_count; i++) {
		int e = 0;

		if (when_holds(arg_rules[i].when, mode))
			e = add_arg_rule(context, mode, &arg_rules[i]);
		if (e < 0)
			return e;
	}
	return 0;
}

static bool has_notify_form(const struct filter_mode *mode, int nr, const uint64_t args[6])
{
	for (size_t i = 0; i < arg_rule_count; i++)
		if (arg_rules[i].nr == nr && arg_rules[i].result == ARG_NOTIFY &&
		    when_holds(arg_rules[i].when, mode) && arg_rule_matches(&arg_rules[i], args))
			return true;
	return false;
}

bool filter_notifies(const struct filter_mode *mode, long nr, const uint64_t args[6])
{
	const struct syscall_row *row = syscall_by_nr(nr);

	if (!row)
		return nr == DEAD_CALL_NR;
	return action_of_row(row, mode) == SCMP_ACT_NOTIFY || has_notify_form(mode, row->nr, args);
}

static int set_up(scmp_filter_ctx context, const struct filter_mode *mode)
{
	int e;

	/* Binary tree over the numbers: about 9 compares to any call instead of up to 300. */
	e = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (e < 0)
		return e;
	/*
	 * i386 and x32.  x32 numbers claim to be x86-64: the library checks their bit, and lets -1
	 * (a call that the tracer skipped) by.
	 */
	e = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (e < 0)
		return e;
	e = add_rows(context, mode);
	if (e < 0)
		return e;
	e = add_arg_rules(context, mode);
	if (e < 0)
		return e;
	return seccomp_rule_add_exact(context, SCMP_ACT_NOTIFY, DEAD_CALL_NR, 0);
}

static int read_program(int fd, struct filter_program *ret_program)
{
	cleanup_free struct sock_filter *code = NULL;
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	if (!size || size % sizeof(*code))
		return -EINVAL;
	if (size / sizeof(*code) > BPF_MAXINSNS)
		return -E2BIG;
	code = malloc(size);
	if (!code)
		return -ENOMEM;
	if (pread(fd, code, size, 0) != size)
		return -EIO;
	*ret_program = (struct filter_program){ .code = code, .length = size / sizeof(*code) };
	code = NULL;
	return 0;
}

/* To a file in memory: exporting to a buffer needs libseccomp 2.6. */
static int export_program(scmp_filter_ctx context, struct filter_program *ret_program)
{
	cleanup_close int fd = memfd_create("filter", MFD_CLOEXEC);
	int e;

	if (fd < 0)
		return -errno;
	e = seccomp_export_bpf(context, fd);
	return e < 0 ? e : read_program(fd, ret_program);
}

int filter_build(const struct filter_mode *mode, struct filter_program *ret_program)
{
	scmp_filter_ctx context;
	int e;

	/*
	 * Level 5 knows KILL_PROCESS and NOTIFY.  Said outright, the library does not try them on
	 * this kernel: the program must not depend on where it is built.
	 */
	e = seccomp_api_set(5);
	if (e < 0)
		return e;
	context = seccomp_init(SCMP_ACT_TRACE(0));
	if (!context)
		return -ENOMEM;
	e = set_up(context, mode);
	if (!e)
		e = export_program(context, ret_program);
	seccomp_release(context);
	return e;
}

void filter_free(struct filter_program *program)
{
	if (!program)
		return;
	if (!program->is_lent)
		free(program->code);
	*program = (struct filter_program){ 0 };
}
