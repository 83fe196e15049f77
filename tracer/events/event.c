/* SPDX-License-Identifier: Apache-2.0 */
/* event.c: see event.h. */
#include "tracer/events/event.h"

#include <stddef.h>

static const char *const names[OUTCOME_COUNT] = {
	[OUTCOME_ALLOW] = "allow",
	[OUTCOME_DENY] = "deny",
	[OUTCOME_KILL] = "kill",
	[OUTCOME_ERROR] = "error",
	[OUTCOME_HIDE] = "hide",
	[OUTCOME_SCRATCH] = "scratch",
	[OUTCOME_VIEW] = "view",
	[OUTCOME_FAKE] = "fake",
};

const char *outcome_name(enum event_outcome outcome)
{
	return outcome < OUTCOME_COUNT ? names[outcome] : "error";
}

const char *asked_name(enum asked_how asked)
{
	static const char *const asked_names[ASKED_COUNT] = {
		[ASKED_ONCE] = "once",
		[ASKED_RUN] = "run",
		[ASKED_GRANT] = "grant",
		[ASKED_WITHDRAWN] = "withdrawn",
		[ASKED_SCREEN_GONE] = "screen gone",
		[ASKED_NO_SCREEN] = "no screen",
	};

	return asked < ASKED_COUNT ? asked_names[asked] : NULL;
}
