/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: see record.h. */
#include "tests/support/record.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct event record_event = {
	.kind = EVENT_CALL, .n = 7, .t_us = 1002003, .pid = 100, .tid = 101, .call = "openat",
	.class = CLASS_WRITE, .outcome = OUTCOME_DENY, .error = EACCES, .path = "/tmp/FILE",
	.action = "write", .flags = "O_WRONLY|O_CREAT|O_TRUNC", .effects = "create, truncate",
};

double record_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void record_ignore_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

struct sink *record_new(int fd)
{
	json_t *start = json_pack("{s:s, s:i}", "type", "start", "version", JSONL_VERSION);
	struct sink *sink = NULL;

	ck_assert_int_eq(jsonl_new(fd, start, &sink), 0);
	ck_assert_ptr_nonnull(sink);
	json_decref(start);
	return sink;
}

int record_new_file(void)
{
	char name[] = "/tmp/test_jsonl_XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	unlink(name);
	return fd;
}

void record_read_all(int fd, struct record_text *text)
{
	char chunk[65536];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) > 0) {
		if (text->capacity < text->length + (size_t)got + 1) {
			text->capacity = 2 * (text->length + (size_t)got + 1);
			text->bytes = realloc(text->bytes, text->capacity);
			ck_assert_ptr_nonnull(text->bytes);
		}
		memcpy(text->bytes + text->length, chunk, (size_t)got);
		text->length += (size_t)got;
		text->bytes[text->length] = '\0';
	}
	ck_assert_int_eq(got, 0);
}

struct record_text record_read_file(int fd)
{
	struct record_text text = { .bytes = NULL };

	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	record_read_all(fd, &text);
	return text;
}

json_t *record_next_line(char **at)
{
	char *end = strchr(*at, '\n');
	json_error_t error;
	json_t *object;

	if (**at == '\0')
		return NULL;
	ck_assert_msg(end != NULL, "half a line: %.80s", *at);
	object = json_loadb(*at, (size_t)(end - *at), 0, &error);
	ck_assert_msg(json_is_object(object), "%s in %.200s", error.text, *at);
	*at = end + 1;
	return object;
}

const char *record_string(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_string(value), "%s is no string", key);
	return json_string_value(value);
}

json_int_t record_int(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_integer(value), "%s is no integer", key);
	return json_integer_value(value);
}
