/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.h: a cache of a tracee's memory during one stop; tracebacks read memory only through it.
 *
 * Whole pages are fetched, each once per stop.  Nothing is evicted: when PAGES_ROOM pages or the
 * caller's budget are used up, the answer is -EDQUOT until the next pages_begin().  So a pointer
 * from pages_peek() is valid until then, and what was read once does not change under the reader,
 * although other threads run.  All memory is allocated once, by pages_new().
 *
 * Successive tracebacks read much the same places (the stack, the frames' code objects).  So the
 * pages that a traceback used are remembered under the caller's key, and the first read of the next
 * one with that key fetches them again with one call.  Of a page of which nothing new was asked for
 * the last time, only the piece is fetched that was asked for until then: copying costs less, and
 * what the caches of the processor hold stays there.  Whoever wants more of it gets it whole.
 */
#ifndef TRACER_PAGES_H
#define TRACER_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGES_SIZE 4096u
#define PAGES_ROOM 512u          /* pages held during one stop; 2 MiB, touched only as used */
#define PAGES_AGAIN 64u          /* pages remembered per key */

/* End of the user half on x86-64 (TASK_SIZE_MAX with 4-level paging, its guard page left out). */
#define PAGES_USER_END 0x7ffffffff000u

struct pages;

/* Within one page; not empty. */
struct pages_piece {
	uint64_t address;
	uint32_t size;
};

/*
 * Where the bytes come from: a real process, or a saved or corrupted image in tests and fuzzers.
 * Reads the pieces (1 to PAGES_AGAIN) one after the other into `buffer`.  The number of pieces
 * read before the first that cannot be; or a negative errno, where -EFAULT is as good as 0.
 */
struct pages_source {
	int (*fetch)(void *data, pid_t tid, const struct pages_piece *pieces, unsigned count,
		     void *buffer);
	void *data;
};

/* Since pages_new(). */
struct pages_stats {
	uint64_t stops;          /* begun, and read from */
	uint64_t calls;          /* of the source */
	uint64_t pages;          /* fetched, or a piece of them, asked for or not */
	uint64_t again;          /* of them, fetched because the last traceback used them */
};

int pages_new(struct pages **ret_pages);
void pages_free(struct pages *pages);

/* Copied; NULL: the process itself, by mem.h.  Begin anew afterwards. */
void pages_set_source(struct pages *pages, const struct pages_source *source);

/*
 * A new stop of `tid`: forgets all pages.  At most `budget` pages are fetched until the next begin
 * (more than PAGES_ROOM is PAGES_ROOM); a piece counts as one, with all that is fetched of its page
 * later, and so does what is unreadable.  `key`: whose last traceback tells what to fetch first:
 * the thread, and what of it is wanted (a line or a whole stack); a wrong guess costs time and
 * budget, nothing else.  0: nothing is fetched ahead, nor remembered.  Costs nothing until the
 * first read.
 */
void pages_begin(struct pages *pages, pid_t tid, uint64_t key, unsigned budget);

/*
 * 0; -EFAULT: unreadable, not in the user's half, or the range wraps; -EDQUOT: budget used up;
 * -ESRCH: gone, -EPERM: no longer ours to read.  On failure what is in `buffer` is undefined.
 */
int pages_read(struct pages *pages, uint64_t address, void *buffer, size_t size);

/* pages_read() of one 64-bit word; on failure *ret_word is untouched. */
int pages_read_word(struct pages *pages, uint64_t address, uint64_t *ret_word);

/*
 * A pointer to the cached bytes when they can be read and lie within one page, else NULL, also for
 * none at all; valid until the next begin.  Not aligned.
 */
const void *pages_peek(struct pages *pages, uint64_t address, size_t size);

/* Since the last begin a read was refused for the budget: what was read is cut short. */
bool pages_is_exhausted(const struct pages *pages);

/* What is left of the budget. */
unsigned pages_left(const struct pages *pages);

const struct pages_stats *pages_stats(const struct pages *pages);

#endif
