/* SPDX-License-Identifier: Apache-2.0 */
/* feed_record.c: a recorded run: see feed.h. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tracer/events/flat.h"
#include "tui/feed.h"
#include "tui/model.h"

#define LINES_IN_A_ROW 4000

struct record_feed {
	struct feed feed;
	int fd;
	struct reader *reader;
	bool follows;
	off_t size;             /* of the file, when it was read to its end */
	char flat[FLAT_MAX];
};

static int take_line(struct record_feed *self, const struct read_line *line, struct model *model)
{
	switch (line->kind) {
	case READ_START:
		return model_set_start(model, line->object);
	case READ_RESULT:
		self->follows = false;
		return facts_set_result(&model->facts, line->object);
	case READ_EVENT:
		return model_add(model, self->flat, flat_pack(&line->event, self->flat));
	case READ_LOST:
		facts_add_lost(&model->facts, line->lost);
		return 0;
	case READ_BAD:
	case READ_CUT:
		model->facts.bad++;
		return 0;
	case READ_OTHER:
	default:
		return 0;
	}
}

static int at_end(struct record_feed *self, int r)
{
	struct stat status;

	if (r == 0 && self->follows) {
		self->size = fstat(self->fd, &status) == 0 ? status.st_size : 0;
		return 0;
	}
	self->feed.is_over = true;
	return r;
}

static int take(struct feed *feed, struct model *model, struct questions *questions)
{
	struct record_feed *self = (struct record_feed *)feed;
	struct read_line line;
	int r = 1;

	(void)questions;
	for (int i = 0; i < LINES_IN_A_ROW && !feed->is_over; i++) {
		r = reader_next(self->reader, !self->follows, &line);
		if (r <= 0)
			return at_end(self, r);
		feed->has_news = true;
		r = take_line(self, &line, model);
		if (r < 0 && r != -EBADMSG)
			return r;
	}
	return feed->is_over ? 0 : 1;
}

static bool has_more(const struct feed *feed)
{
	const struct record_feed *self = (const struct record_feed *)feed;
	struct stat status;

	return !feed->is_over && fstat(self->fd, &status) == 0 && status.st_size != self->size;
}

static void free_feed(struct feed *feed)
{
	struct record_feed *self = (struct record_feed *)feed;

	reader_free(self->reader);
	free(self);
}

static const struct feed_ops ops = { .take = take, .has_more = has_more, .free = free_feed };

int feed_record(int fd, bool follows, struct feed **ret_feed, struct fault *ret_fault)
{
	struct record_feed *self = calloc(1, sizeof(*self));
	int r = self ? reader_new(fd, &self->reader) : -ENOMEM;

	if (r < 0) {
		free(self);
		fault_set(ret_fault, "no memory");
		return r;
	}
	self->feed.ops = &ops;
	self->fd = fd;
	self->follows = follows;
	*ret_feed = &self->feed;
	return 0;
}
