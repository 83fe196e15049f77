/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_flat.c: bytes that may be an event, as a screen finds them in shared memory.  What is taken
 * is bounded, and packed again it is an event still.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tracer/events/flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	assert(!text || strlen(text) < FLAT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct flat_event event, again;
	static char bytes[FLAT_MAX];
	int r = flat_unpack((const char *)data, size, &event);

	assert(r == 0 || r == -EBADMSG);
	if (r < 0)
		return 0;
	check_text(event.event.event.path);
	check_text(event.event.host);
	if (event.event.event.stack) {
		assert(event.stack.python_count <= FLAT_FRAMES_MAX);
		assert(event.stack.native_count <= FLAT_NATIVE_MAX);
		for (unsigned i = 0; i < event.stack.python_count; i++)
			check_text(event.stack.python[i].file);
	}
	size = flat_pack(&event.event, bytes);
	assert(size <= FLAT_MAX);
	assert(flat_unpack(bytes, size, &again) == 0);
	return 0;
}
