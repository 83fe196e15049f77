/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h: what the screen shows, without a screen: the events that are kept, those that the
 * filter lets through, and the counts of each view.
 *
 * Counts are of the events that passed the filter, also of those that the store has forgotten
 * since; a new filter counts what the store still holds.
 */
#ifndef TUI_MODEL_H
#define TUI_MODEL_H

#include "base/fail.h"
#include "tracer/events/ring.h"
#include "tui/facts.h"
#include "tui/store.h"
#include "tui/view.h"

struct flat_event;
struct query;

#define MODEL_FILTER_MAX 1024
#define MODEL_SLICES 80         /* of the run's time, for the report's graph */

/* Events in one slice of time. */
struct model_slice {
	uint32_t files, net, denied, asked;
};

struct model {
	struct facts facts;
	struct store store;
	struct query *query;            /* NULL: all */
	char filter[MODEL_FILTER_MAX];
	const struct entry **shown;     /* what passes the filter, in order */
	size_t shown_count, shown_capacity;
	uint64_t shown_generation;      /* of the store, when `shown` was right */
	struct groups *groups[VIEWS];   /* NULL for views without rows of their own */
	struct ring_counts counts;      /* complete, whatever was forgotten or dropped */
	uint64_t dropped;               /* never came to the screen: overwritten in the ring */
	uint64_t last_us;               /* time of the latest event */
	uint64_t total_us;              /* known time in the kernel, of what is shown */
	uint64_t total_calls;           /* of what is shown */
	bool has_times;
	bool counts_itself;             /* a record: `counts` are made here */
};

int model_init(struct model *model);
void model_free(struct model *model);

/* The start object: its rules become rows, whether one meets them or not. */
int model_set_start(struct model *model, const json_t *start);

/* One event, flat.  -EBADMSG: it is none; -ENOMEM. */
int model_add(struct model *model, const char *bytes, size_t size);

/* -EINVAL: not a filter (fault), nothing changed. */
int model_set_filter(struct model *model, const char *text, struct fault *ret_fault);

/* Events that pass the filter; valid until the next model_add. */
size_t model_count(const struct model *model);
const struct entry *model_entry(const struct model *model, size_t i);

/* Unpacks one. */
int model_event(const struct entry *entry, struct flat_event *ret_event);

/* Its place among those that pass the filter, or the next one's. */
size_t model_place(const struct model *model, uint64_t n);

/* Events over time, all that the store holds; returns the length of a slice in microseconds. */
uint64_t model_slices(const struct model *model, struct model_slice slices[MODEL_SLICES],
		      int count);

#endif
