/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_query.c: a hostile filter.  What parses can be asked of any event; what does not must say
 * where the mistake is.
 *
 * The input is the filter, then, behind a NUL, a path and a function.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/events/query.h"
#include "tracer/events/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const char *text, const char *path, const char *function)
{
	struct read_event event = {
		.event = { .kind = EVENT_CALL, .call = "openat", .path = path, .raw = path },
		.class_name = "write", .verdict = "deny", .file = path, .line = 7,
		.function = function,
	};
	const struct read_event nothing = { .event.kind = EVENT_NOTE };
	struct query *query = NULL;
	struct fault fault = { .line = 0 };
	int r = query_parse(text, &query, &fault);

	if (r == 0) {
		query_matches(query, &event);
		query_matches(query, &nothing);
		query_free(query);
	} else {
		assert(r == -EINVAL && !query);
		assert(fault.column >= 1 && fault.column <= strlen(text) + 1);
		assert(fault.text[0] && fault.cure[0]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 3);
	const char *path, *function;

	if (!text)
		return 0;
	memcpy(text, data, size);
	memset(text + size, 0, 3);
	path = text + strlen(text) + 1;
	if (path > text + size)
		path = text + size;
	function = path + strlen(path) + 1;
	ask(text, path, function > text + size ? path : function);
	free(text);
	return 0;
}
