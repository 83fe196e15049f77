/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_read.c: a hostile record, through all that a report does with one.  Whatever it holds, what
 * is shown is plain.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "tracer/events/listing.h"
#include "tracer/events/query.h"
#include "tracer/events/read.h"
#include "tracer/events/summary.h"
#include "tracer/events/tally.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START "{\"type\":\"start\",\"version\":1}\n"

static void check_plain(char *text)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert(text_is_plain_string(line));
}

static void check_summary(const struct tally *tally)
{
	const struct summary_style style = { .name = "fuzz", .columns = SUMMARY_COLUMNS };
	char *text = summary_text(tally, &style);
	json_t *object = summary_json(tally);

	assert(text && object);
	check_plain(text);
	json_decref(object);
	free(text);
}

static void read_all(int fd, struct listing *listing, struct tally *tally)
{
	struct reader *reader = NULL;
	struct read_line line;
	uint64_t number = 0;
	int r;

	assert(reader_new(fd, &reader) == 0);
	while ((r = reader_next(reader, true, &line)) > 0) {
		assert(line.number == ++number);
		assert(!line.problem == (line.kind != READ_BAD && line.kind != READ_CUT));
		assert(tally_add(tally, &line) == 0);
		if (line.kind == READ_EVENT) {
			const char *text = listing_line(listing, &line.event);

			assert(text && text_is_plain_string(text));
		}
	}
	assert(r == 0 || *reader_problem(reader));
	reader_free(reader);
}

/* Behind a start of our own when the first byte is even: most inputs are no record at all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct listing *listing = NULL;
	struct tally tally = { .events = 0 };

	assert(fd >= 0 && listing_new(false, &listing) == 0 && tally_init(&tally) == 0);
	if (size && data[0] % 2 == 0)
		assert(write(fd, START, strlen(START)) == (ssize_t)strlen(START));
	if (size > 1)
		assert(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
	lseek(fd, 0, SEEK_SET);
	read_all(fd, listing, &tally);
	check_summary(&tally);
	listing_free(listing);
	tally_free(&tally);
	close(fd);
	return 0;
}
