/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c: see threads.h. */
#include "tracer/python/threads.h"

#define INTERPRETERS_MAX 64
#define STATES_MAX 4096

static int read_word(struct pages *pages, uint64_t base, uint32_t offset, uint64_t *ret_word)
{
	return pages_read_word(pages, base + offset, ret_word);
}

static int find_in(struct pages *pages, const struct layout *layout, uint64_t interpreter,
		   uint64_t thread_pointer, struct threads *found)
{
	uint64_t state, id;
	int e = read_word(pages, interpreter, layout->interpreter.threads, &state);

	for (unsigned i = 0; e == 0 && state && i < STATES_MAX; i++) {
		e = read_word(pages, state, layout->thread.id, &id);
		if (e == 0 && id == thread_pointer && found->count < THREADS_MATCHES_MAX)
			found->state[found->count++] = state;
		if (e == 0)
			e = read_word(pages, state, layout->thread.next, &state);
	}
	return e;
}

int threads_find(struct pages *pages, const struct runtime *runtime, uint64_t thread_pointer,
		 struct threads *ret_threads)
{
	const struct layout *layout = &runtime->layout;
	struct threads found = { .count = 0 };
	uint64_t interpreter;
	unsigned interpreters = 0;
	int e = read_word(pages, runtime->address, layout->runtime.interpreters, &interpreter);

	while (e == 0 && interpreter && interpreters < INTERPRETERS_MAX) {
		e = find_in(pages, layout, interpreter, thread_pointer, &found);
		interpreters++;
		if (e == 0)
			e = read_word(pages, interpreter, layout->interpreter.next, &interpreter);
	}
	/* A torn end of the list does not take away what was found before it. */
	if (e < 0 && !found.count)
		return e;
	found.is_only = interpreters == 1;
	*ret_threads = found;
	return 0;
}

bool threads_is(struct pages *pages, const struct runtime *runtime, uint64_t state,
		uint64_t thread_pointer)
{
	uint64_t id, interpreter, next;

	return read_word(pages, state, runtime->layout.thread.id, &id) == 0 &&
	       id == thread_pointer &&
	       read_word(pages, runtime->address, runtime->layout.runtime.interpreters,
			 &interpreter) == 0 &&
	       read_word(pages, interpreter, runtime->layout.interpreter.next, &next) == 0 &&
	       next == 0;
}
