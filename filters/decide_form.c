/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_form.c: the argument forms of args.def that never stop, asked of one call.
 *
 * The filter is made from the same file (seccomp.c): a list kept twice would drift apart.
 */
#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/ioprio.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/sockios.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"

/* What the headers of Debian 12 do not have, or only beside a struct that clashes with libc's. */
#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY 1027   /* Linux 6.10 */
#endif
#ifndef F_CREATED_QUERY
#define F_CREATED_QUERY 1028 /* Linux 6.12 */
#endif
#define TCGETS2_NR  0x802c542au
#define TCSETS2_NR  0x402c542bu
#define TCSETSW2_NR 0x402c542cu
#define TCSETSF2_NR 0x402c542du

#define FORM_TESTS_MAX 2

/* A mask of 0 is no test: the list ends before it. */
struct form_test {
	unsigned index;
	uint64_t mask;
	uint64_t value;
};

struct form {
	long nr;
	bool is_passed;  /* in the kernel, whatever the policy */
	struct form_test tests[FORM_TESTS_MAX];
};

#define RESULT_PASS       true
#define RESULT_NOTIFY     false
#define WHEN_ALWAYS       true
#define WHEN_READS_FREE   false
#define WHEN_READS_JUDGED false
#define WHEN_NET_FREE     false
#define WORD(index_, mask_, value_) { (index_), (uint32_t)(mask_), (uint32_t)(value_) }
#define NULL_POINTER(index_) { (index_), UINT64_MAX, 0 }
#define ARG(call_, result_, when_, ...)                                                            \
	{ __NR_##call_, RESULT_##result_ && WHEN_##when_, { __VA_ARGS__ } },

static const struct form forms[] = {
#include "filters/args.def"
};

static bool form_matches(const struct form *form, const struct call *call)
{
	for (unsigned i = 0; i < FORM_TESTS_MAX && form->tests[i].mask != 0; i++) {
		const struct form_test *test = &form->tests[i];

		if ((call->args[test->index] & test->mask) != test->value)
			return false;
	}
	return true;
}

bool decide_is_passed_form(const struct call *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].is_passed && forms[i].nr == call->nr && form_matches(&forms[i], call))
			return true;
	return false;
}
