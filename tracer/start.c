/* SPDX-License-Identifier: Apache-2.0 */
/* start.c: see start.h. */
#include "tracer/start.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "filters/policy.h"
#include "tracer/effective.h"
#include "tracer/events/jsonl.h"
#include "tracer/python/find.h"

static int append_rule(void *data, const char *line, const char *source)
{
	(void)source;
	return json_array_append_new(data, jsonl_bytes(line));
}

static json_t *rules(const struct policy *policy)
{
	json_t *array = json_array();

	if (array)
		effective_rules(policy, append_rule, array);
	return array;
}

static json_t *now(void)
{
	char text[32];
	time_t seconds = time(NULL);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_string(text);
}

static int set_bytes(json_t *object, const struct start *start)
{
	char cwd[PATH_MAX];
	bool has_cwd = getcwd(cwd, sizeof(cwd)) != NULL;

	if (jsonl_set_list(object, "argv", start->argv) < 0 ||
	    jsonl_set_bytes(object, "interpreter", start->interpreter->canonical) < 0 ||
	    jsonl_set_bytes(object, "program", start->interpreter->program) < 0 ||
	    jsonl_set_bytes(object, "cwd", has_cwd ? cwd : NULL) < 0)
		return -ENOMEM;
	return 0;
}

json_t *start_json(const struct start *start)
{
	struct utsname system = { 0 };
	json_t *object;

	uname(&system);
	object = json_pack("{s:s, s:i, s:s, s:o, s:b, s:b, s:s, s:i, s:o, s:i}",
			   "type", "start",
			   "version", JSONL_VERSION,
			   "pyjail", PYJAIL_VERSION,
			   "policy", rules(start->policy),
			   "allow_all", start->policy->allows_all,
			   "ask", start->policy->asks,
			   "kernel", system.release,
			   "landlock", start->landlock_abi,
			   "time", now(),
			   "uid", (int)getuid());
	if (object && set_bytes(object, start) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}
