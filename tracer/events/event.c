/* SPDX-License-Identifier: Apache-2.0 */
/* event.c: see event.h. */
#include "tracer/events/event.h"

static const char *const names[OUTCOME_COUNT] = {
	[OUTCOME_ALLOW] = "allow",
	[OUTCOME_DENY] = "deny",
	[OUTCOME_KILL] = "kill",
	[OUTCOME_ERROR] = "error",
};

const char *outcome_name(enum event_outcome outcome)
{
	return outcome < OUTCOME_COUNT ? names[outcome] : "error";
}
