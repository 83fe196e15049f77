/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c: see verdict.h. */
#include "filters/verdict.h"

const char *verdict_name(enum verdict_kind kind)
{
	switch (kind) {
	case VERDICT_ALLOW: return "allow";
	case VERDICT_DENY:  return "deny";
	case VERDICT_KILL:  return "kill";
	case VERDICT_ASK:   return "ask";
	case VERDICT_HIDE:  return "hide";
	case VERDICT_SCRATCH: return "scratch";
	case VERDICT_VIEW:  return "view";
	case VERDICT_FAKE:  return "fake";
	}
	return "unknown";
}
