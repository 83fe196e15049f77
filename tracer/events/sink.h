/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sink.h: where events go.  Three functions; a sink never blocks the tracer in put().
 *
 * A sink that writes to somebody slow keeps a bounded backlog: wants_write says so and the loop
 * calls flush(wait=false) when fd is writable.  At the end of the run flush(wait=true) may block.
 */
#ifndef TRACER_EVENTS_SINK_H
#define TRACER_EVENTS_SINK_H

#include <stdbool.h>

#include "tracer/events/event.h"

struct sink;

struct sink_ops {
	void (*put)(struct sink *sink, const struct event *event);
	int (*flush)(struct sink *sink, bool wait);    /* 0, or the errno that broke the sink */
	void (*close)(struct sink *sink);              /* frees; takes NULL */
};

/* Which calls a sink makes anything of: an event that no sink hears is not even made. */
enum sink_ears {
	SINK_HEARS_ALL,
	SINK_HEARS_REFUSALS,    /* of calls only those that were refused or killed; all else that is put */
	SINK_HEARS_NOTHING
};

struct sink {
	const struct sink_ops *ops;
	enum sink_ears ears;
	int fd;                 /* to poll for writing while wants_write; -1: never */
	bool wants_write;
	int error;              /* set once broken (EPIPE, ENOSPC): events are counted, not written */
	uint64_t lost;          /* events that were not written */
};

#endif
