/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c: see reading.h. */
#include "tests/support/reading.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/record.h"

static struct reader *reader;
static int reader_fd = -1;

int reading_file(const char *bytes, size_t length)
{
	int fd = memfd_create("record", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	for (size_t done = 0; done < length;) {
		ssize_t wrote = write(fd, bytes + done, length - done);

		ck_assert_int_gt(wrote, 0);
		done += (size_t)wrote;
	}
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void open_reader(const char *bytes, size_t length)
{
	reader_free(reader);
	if (reader_fd >= 0)
		close(reader_fd);
	reader_fd = reading_file(bytes, length);
	ck_assert_int_eq(reader_new(reader_fd, &reader), 0);
}

const struct read_line *reading_last(const char *bytes, size_t length)
{
	static struct read_line line;
	uint64_t count = 0, at = 0;

	open_reader(bytes, length);
	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\n';
	count += length > 0 && bytes[length - 1] != '\n';
	while (at < count) {
		ck_assert_int_eq(reader_next(reader, true, &line), 1);
		ck_assert_uint_eq(line.number, ++at);
	}
	return &line;
}

const struct read_event *reading_event(const char *line)
{
	static char text[1 << 20];
	int length = snprintf(text, sizeof(text), "%s%s\n", READING_START, line);
	const struct read_line *last;

	ck_assert_int_lt(length, (int)sizeof(text));
	last = reading_last(text, (size_t)length);
	ck_assert_msg(last->kind == READ_EVENT, "%s: %s", line, last->problem);
	return &last->event;
}

void reading_tally(struct tally *tally, const char *bytes, size_t length)
{
	struct read_line line;
	int r;

	memset(tally, 0, sizeof(*tally));
	ck_assert_int_eq(tally_init(tally), 0);
	open_reader(bytes, length);
	while ((r = reader_next(reader, true, &line)) > 0)
		ck_assert_int_eq(tally_add(tally, &line), 0);
	ck_assert_int_eq(r, 0);
}

char *reading_data(const char *name, size_t *ret_length)
{
	struct record_text text = { .bytes = NULL };
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "tests/data/records/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "%s", path);
	record_read_all(fd, &text);
	close(fd);
	*ret_length = text.length;
	return text.bytes;
}
