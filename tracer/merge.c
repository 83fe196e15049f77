/* SPDX-License-Identifier: Apache-2.0 */
/* merge.c: see merge.h. */
#include "tracer/merge.h"

/* Words of one C call's stack that are looked through for a frame object's address. */
#define WORDS_MAX 512

/* The stack range of a C call: up to its caller's stack pointer. */
struct range {
	uint64_t low, high;
};

static struct range range_of(const struct native_frame *native, unsigned count, unsigned i)
{
	return (struct range){ native[i].sp,
			       i + 1 < count ? native[i + 1].sp : UINT64_MAX };
}

static bool is_in(const struct range *range, uint64_t address)
{
	return address >= range->low && address < range->high;
}

static bool stands_in(struct pages *pages, const struct range *range, uint64_t address)
{
	uint64_t word;

	for (uint64_t i = 0; i < WORDS_MAX && range->low + 8 * i < range->high; i++) {
		if (pages_read_word(pages, range->low + 8 * i, &word) < 0)
			return false;
		if (word == address)
			return true;
	}
	return false;
}

void merge_frames(const struct frames *frames, const struct native_frame *native,
		  struct stack *stack, struct pages *pages)
{
	unsigned next = 0;

	for (unsigned i = 0; i < stack->native_count; i++) {
		struct range range = range_of(native, stack->native_count, i);
		struct c_frame *frame = &stack->native[i];

		/* What could not be placed lower is not placed at all. */
		while (next < frames->count && frames->items[next].anchor &&
		       frames->is_anchored && frames->items[next].anchor < range.low)
			next++;
		frame->first = next;
		while (next < frames->count &&
		       (frames->is_anchored ? is_in(&range, frames->items[next].anchor)
					    : next == frame->first &&
					      stands_in(pages, &range, frames->items[next].anchor)))
			next++;
		frame->count = next - frame->first;
	}
}
