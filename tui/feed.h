/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.h: where the screen's events come from: a run, or the record of one.
 */
#ifndef TUI_FEED_H
#define TUI_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

struct model;
struct questions;
struct ring;
struct feed;

struct feed_ops {
	/*
	 * Takes what is there, a bounded part of it: 1, there is more; 0, no more so far; negative:
	 * it broke.  has_news says whether anything came.
	 */
	int (*take)(struct feed *feed, struct model *model, struct questions *questions);
	/* Something came that should be drawn. */
	bool (*has_more)(const struct feed *feed);
	void (*free)(struct feed *feed);
};

struct feed {
	const struct feed_ops *ops;
	bool is_live;
	bool is_over;           /* nothing will come any more */
	bool holds_events;      /* set by the screen: questions and the end only, events wait */
	bool has_news;          /* set by take: something came */
	char note[256];         /* what the tracer has to say; "" nothing */
};

/* Borrows the descriptor.  With `follows` its end is only so far. */
int feed_record(int fd, bool follows, struct feed **ret_feed, struct fault *ret_fault);

/* Borrows both. */
int feed_run(struct ring *ring, int wire, struct feed **ret_feed);

#endif
