/* SPDX-License-Identifier: Apache-2.0 */
/* drive.c: see drive.h. */
#include "tests/support/drive.h"

#include <check.h>
#include <fcntl.h>
#include <ncurses.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/flat.h"
#include "tracer/events/read.h"
#include "tracer/events/ring.h"
#include "tui/act.h"
#include "tui/question.h"
#include "tui/output.h"
#include "tui/screen.h"

#define ROW_BYTES_MAX 8192
#define RUNS_FOR_MS 11400       /* when the screen is first drawn */
#define KEY_MS 1000             /* longer than a new question takes no keys */

static int folder = -1;

/* The screen's size and kind are the test's, whatever the machine says. */
void drive_set_up(void)
{
	folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(folder, 0);
	ck_assert_msg(chdir("tests/tui") == 0, "run it in the folder of the Makefile");
	setenv("HOME", "/home/ana", 1);
	unsetenv("NO_COLOR");
	unsetenv("LANGUAGE");
}

void drive_tear_down(void)
{
	ck_assert_int_eq(fchdir(folder), 0);
	close(folder);
}

/* ---- drawing ---- */

static void draw(struct drive *drive)
{
	act_questions(drive->app);
	if (drive->app->wants_redraw)
		screen_redraw();
	drive->app->wants_redraw = false;
	paint_app(drive->app);
	screen_refresh();
	question_drawn(drive->app, drive->app->now_ms);
}

static void take_all(struct drive *drive)
{
	while (app_take(drive->app) | output_take(drive->app))
		;
	draw(drive);
}

static void start(struct drive *drive, const struct drive_style *style)
{
	struct screen_style screen = {
		.scheme = style->scheme, .is_ascii = !style->is_unicode,
		.term = style->term ? style->term : "xterm-256color",
		.rows = style->rows, .columns = style->columns,
	};
	struct fault fault = { 0 };

	drive->in = screen.in = fopen("/dev/null", "r");
	drive->out = screen.out = tmpfile();
	ck_assert(drive->in && drive->out);
	setenv("LC_ALL", style->locale ? style->locale : "C.UTF-8", 1);
	drive->config.is_ascii = screen.is_ascii;
	drive->app = calloc(1, sizeof(*drive->app));
	ck_assert_ptr_nonnull(drive->app);
	drive->app->now_ms = drive->ring ? RUNS_FOR_MS : 0;
	ck_assert_msg(app_start(drive->app, &drive->config, &fault) == 0, "%s", fault.text);
	ck_assert_msg(screen_start(&screen, &fault) == 0, "%s", fault.text);
	output_fit(drive->app);
	take_all(drive);
}

static int open_record(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "records/%s.jsonl", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "no %s", path);
	return fd;
}

void drive_record(struct drive *drive, const char *name, const struct drive_style *style)
{
	*drive = (struct drive){ .config.has_no_bell = true };
	snprintf(drive->name, sizeof(drive->name), "%s.jsonl", name);
	drive->config.name = drive->name;
	drive->config.record = open_record(name);
	start(drive, style);
}

/* ---- a made-up run ---- */

static void send_json(struct drive *drive, enum wire_kind kind, const json_t *object)
{
	char *text = json_dumps(object, 0);

	ck_assert_int_eq(wire_send(drive->wire, kind, 0, false, text, strlen(text)), 0);
	free(text);
}

/* The last that comes of it. */
static void end_run(struct drive *drive, const json_t *result)
{
	send_json(drive, WIRE_RESULT, result);
	close(drive->wire);
	drive->wire = -1;
}

static void play_event(struct drive *drive, const struct read_event *event, uint64_t *questions)
{
	static char flat[FLAT_MAX];
	struct event put = event->event;
	size_t size;

	put.host = event->host;
	if (!event->event.asked || strcmp(event->event.asked, "waiting") != 0) {
		drive->sink->ops->put(drive->sink, &put);
		return;
	}
	size = flat_pack(event, flat);
	ck_assert_int_eq(wire_send(drive->wire, WIRE_ASK, ++*questions, false, flat, size), 0);
}

/* What the script writes to its terminal: after the screen is there, which reads it. */
static void play_text(struct drive *drive, const json_t *object)
{
	const char *text = json_string_value(json_object_get(object, "text"));
	size_t length = text ? strlen(text) : 0;

	ck_assert_msg(length > 0, "a line of the record has no text");
	ck_assert_int_eq(write(drive->script, text, length), (ssize_t)length);
}

static void play(struct drive *drive, int record)
{
	struct reader *reader;
	struct read_line line;
	uint64_t questions = 0;

	ck_assert_int_eq(reader_new(record, &reader), 0);
	while (reader_next(reader, true, &line) > 0) {
		if (line.kind == READ_START)
			send_json(drive, WIRE_START, line.object);
		else if (line.kind == READ_EVENT)
			play_event(drive, &line.event, &questions);
		else if (line.kind == READ_RESULT)
			end_run(drive, line.object);
		else if (line.kind == READ_OTHER)
			play_text(drive, line.object);
	}
	reader_free(reader);
	ring_set_waiting(drive->ring, questions);
	ring_set_tasks(drive->ring, 3);
}

/* Without echo: answers to what a script asks its terminal would stand where they come to. */
static void open_terminal(struct drive *drive)
{
	struct termios modes;

	ck_assert_int_eq(openpty(&drive->config.pty, &drive->script, NULL, NULL, NULL), 0);
	ck_assert_int_eq(tcgetattr(drive->script, &modes), 0);
	modes.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
	ck_assert_int_eq(tcsetattr(drive->script, TCSANOW, &modes), 0);
}

void drive_run(struct drive *drive, const char *name, const struct drive_style *style)
{
	int ends[2], record = open_record(name);

	*drive = (struct drive){ .config.has_no_bell = true, .config.record_name = "etl.jsonl" };
	ck_assert_int_eq(ring_new(&drive->ring), 0);
	ck_assert_int_eq(ring_sink_new(drive->ring, &drive->sink), 0);
	ck_assert_int_eq(wire_pair(ends), 0);
	open_terminal(drive);
	drive->config.ring = drive->ring;
	drive->config.wire = ends[0];
	drive->wire = ends[1];
	play(drive, record);
	close(record);
	start(drive, style);
}

void drive_wait(struct drive *drive, int64_t ms)
{
	drive->app->now_ms += ms;
	take_all(drive);
}

void drive_take(struct drive *drive, struct wire_message *ret_message)
{
	ck_assert_msg(wire_receive(drive->wire, ret_message) == 1, "no message of the screen");
}

/* ---- keys ---- */

static int key_named(const char *name)
{
	char text[32];

	if (!strcmp(name, "Backspace"))
		return 0x7f;
	if (!strcmp(name, "lt"))
		return '<';
	for (size_t i = 0; i < key_count; i++) {
		key_text(keys[i].key, text, sizeof(text));
		if (!strcmp(text, name))
			return keys[i].key;
	}
	ck_abort_msg("no key has the name %s", name);
}

/* The key that `text` begins with, and behind it. */
static const char *next_key(const char *text, int *ret_key)
{
	size_t length = strcspn(text, ">");
	unsigned point;
	char name[32];

	if (text[0] != '<') {
		length = text_character(text, strlen(text), &point);
		ck_assert_uint_gt(length, 0);
		*ret_key = (int)point;
		return text + length;
	}
	ck_assert(text[length] == '>' && length < sizeof(name));
	snprintf(name, sizeof(name), "%.*s", (int)length - 1, text + 1);
	*ret_key = key_named(name);
	return text + length + 1;
}

void drive_keys(struct drive *drive, const char *text)
{
	int key;

	while (*text && !drive->app->is_done) {
		text = next_key(text, &key);
		if (drive->ring)
			drive_wait(drive, KEY_MS);
		act(drive->app, key);
		draw(drive);
	}
}

/* ---- what is to be seen ---- */

char *drive_screen(void)
{
	int rows = LINES;
	size_t used = 0;
	char *text = malloc((size_t)rows * (ROW_BYTES_MAX + 1) + 1);

	ck_assert_ptr_nonnull(text);
	text[0] = '\0';
	for (int y = 0; y < rows; y++) {
		screen_row(y, text + used, ROW_BYTES_MAX);
		used += strlen(text + used);
		text[used++] = '\n';
	}
	text[used] = '\0';
	return text;
}

int drive_cursor_row(void)
{
	return getcury(stdscr);
}

char *drive_bytes(struct drive *drive, size_t *ret_length)
{
	struct stat status;
	char *bytes;

	fflush(drive->out);
	ck_assert_int_eq(fstat(fileno(drive->out), &status), 0);
	*ret_length = (size_t)status.st_size;
	bytes = malloc(*ret_length + 1);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(pread(fileno(drive->out), bytes, *ret_length, 0), (ssize_t)*ret_length);
	bytes[*ret_length] = '\0';
	return bytes;
}

void drive_end(struct drive *drive)
{
	screen_end();
	app_end(drive->app);
	free(drive->app);
	fclose(drive->in);
	fclose(drive->out);
	if (!drive->ring) {
		close(drive->config.record);
		return;
	}
	drive->sink->ops->close(drive->sink);
	ring_free(drive->ring);
	close(drive->config.wire);
	if (drive->wire >= 0)
		close(drive->wire);
	close(drive->config.pty);
	close(drive->script);
}
