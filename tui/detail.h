/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail.h: what is known of one event, as labels and texts: for the lower pane, the page and the
 * question box.
 */
#ifndef TUI_DETAIL_H
#define TUI_DETAIL_H

#include <stddef.h>

#include "tui/words.h"

struct flat_event;
struct facts;

#define DETAIL_FACTS_MAX 16

struct detail_fact {
	const char *label;      /* static */
	char text[WORDS_MAX];   /* bytes, still to be made safe */
};

/* Returns how many there are, the weightiest first. */
int detail_facts(const struct facts *facts, const struct flat_event *event,
		 struct detail_fact ret_facts[DETAIL_FACTS_MAX]);

/* One frame of the traceback, 0 the outermost: "etl.py:47", "push", is it the user's? */
struct detail_frame {
	char place[LINE_WORDS_MAX];
	const char *function;
	const char *file;       /* NULL: a C frame */
	int line;
	int is_library;
};

int detail_frame_count(const struct flat_event *event, int is_native);
void detail_frame(const struct flat_event *event, int is_native, int i,
		  struct detail_frame *ret_frame);

/* Why there is no traceback; NULL: there is one. */
const char *detail_no_frames(const struct flat_event *event, int is_native);

#endif
