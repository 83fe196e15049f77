/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_form.c: the argument forms of args.def that never stop, asked of one call.
 *
 * The filter is made from the same table (seccomp.c): a list kept twice would drift apart.
 */
#include "filters/args.h"
#include "filters/decide.h"

bool decide_is_passed_form(const struct call *call)
{
	for (size_t i = 0; i < arg_rule_count; i++)
		if (arg_rules[i].nr == call->nr && arg_rules[i].result == ARG_PASS &&
		    arg_rules[i].when == WHEN_ALWAYS && arg_rule_matches(&arg_rules[i], call->args))
			return true;
	return false;
}
