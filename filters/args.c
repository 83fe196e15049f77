/* SPDX-License-Identifier: Apache-2.0 */
/* args.c: see args.h.  The constants that args.def names come from the headers below. */
#include "filters/args.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/ioprio.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/sockios.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fail.h"
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

#define WORD(index_, mask_, value_) { (index_), (uint32_t)(mask_), (uint32_t)(value_) }
#define NULL_POINTER(index_) { (index_), UINT64_MAX, 0 }
#define ARG(call_, result_, when_, ...)                                                            \
	{ __NR_##call_, ARG_##result_, WHEN_##when_, { __VA_ARGS__ } },

const struct arg_rule arg_rules[] = {
#include "filters/args.def"
};

const size_t arg_rule_count = ARRAY_SIZE(arg_rules);

bool arg_rule_matches(const struct arg_rule *rule, const uint64_t args[6])
{
	for (size_t i = 0; i < ARG_TESTS_MAX && rule->tests[i].mask; i++)
		if ((args[rule->tests[i].index] & rule->tests[i].mask) != rule->tests[i].value)
			return false;
	return true;
}
