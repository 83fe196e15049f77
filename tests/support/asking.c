/* SPDX-License-Identifier: Apache-2.0 */
/* asking.c: see asking.h. */
#include "tests/support/asking.h"

#include <check.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/events/ring.h"
#include "tui/act.h"
#include "tui/question.h"
#include "tui/screen.h"

struct asking asking;

static char folder[32];

static void start_wire(void)
{
	int ends[2];

	ck_assert_int_eq(ring_new(&asking.ring), 0);
	ck_assert_int_eq(ring_sink_new(asking.ring, &asking.sink), 0);
	ck_assert_int_eq(wire_pair(ends), 0);
	ck_assert_int_eq(openpty(&asking.pty, &asking.script, NULL, NULL, NULL), 0);
	asking.config = (struct tui_config){
		.ring = asking.ring, .wire = ends[0], .pty = asking.pty, .record = -1,
		.has_no_bell = true,
	};
	asking.tracer = ends[1];
}

static void send_start(void)
{
	char text[128];
	int length = snprintf(text, sizeof(text),
			      "{\"argv\":[\"pyjail\",\"etl.py\"],\"cwd\":\"%s\"}", folder);

	ck_assert_int_eq(wire_send(asking.tracer, WIRE_START, 0, false, text, (size_t)length), 0);
}

void asking_set_up(void)
{
	struct fault fault = { 0 };

	memset(&asking, 0, sizeof(asking));
	snprintf(folder, sizeof(folder), "/tmp/pyjail-ask.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	start_wire();
	ck_assert_msg(app_start(&asking.app, &asking.config, &fault) == 0, "%s", fault.text);
	layout_fit(&asking.app.layout, 30, 100, 0);
	send_start();
	asking_wait(1000);
}

static FILE *open_typed(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	asking.typed = ends[1];
	return fdopen(ends[0], "r");
}

void asking_set_up_with_screen(void)
{
	struct screen_style style = { .scheme = THEME_MONO, .is_ascii = true, .term = "xterm",
				      .rows = 30, .columns = 100 };
	struct fault fault = { 0 };

	asking_set_up();
	setenv("LC_ALL", "C.UTF-8", 1);
	style.in = open_typed();
	style.out = fopen("/dev/null", "w");
	ck_assert(style.in && style.out);
	ck_assert_msg(screen_start(&style, &fault) == 0, "%s", fault.text);
	asking.has_screen = true;
}

void asking_tear_down(void)
{
	char command[64];

	if (asking.has_screen)
		screen_end();
	app_end(&asking.app);
	asking.sink->ops->close(asking.sink);
	ring_free(asking.ring);
	close(asking.config.wire);
	if (asking.tracer >= 0)
		close(asking.tracer);
	close(asking.pty);
	close(asking.script);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(chdir("/") | system(command), 0);
}

void asking_ask_event(uint64_t question, const struct event *event)
{
	static struct made made;

	made_pack(&made, event);
	ck_assert_int_eq(wire_send(asking.tracer, WIRE_ASK, question, false, made.bytes,
				   made.size), 0);
}

void asking_ask(uint64_t question, const char *path)
{
	struct event event = made_event(question);

	event.class = CLASS_WRITE;
	event.path = path;
	event.was_asked = true;
	asking_ask_event(question, &event);
}

void asking_withdraw(uint64_t question)
{
	ck_assert_int_eq(wire_send(asking.tracer, WIRE_WITHDRAWN, question, false, NULL, 0), 0);
}

void asking_wait(int64_t ms)
{
	struct app *app = &asking.app;

	app->now_ms += ms;
	while (app_take(app))
		;
	act_questions(app);
	if (asking.has_screen)
		paint_app(app);
	question_drawn(app, app->now_ms);
}

void asking_open(const char *path)
{
	asking_ask(1, path);
	asking_wait(0);
	asking_wait(QUESTION_DEAF_MS);
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	ck_assert(asking.app.question_listens);
}

void asking_key(int key)
{
	act(&asking.app, key);
	act_questions(&asking.app);
	question_drawn(&asking.app, asking.app.now_ms);
}

void asking_keys(const char *text)
{
	while (*text)
		asking_key((unsigned char)*text++);
}

const struct wire_message *asking_next(void)
{
	int got = wire_receive(asking.tracer, &asking.message);

	ck_assert_int_ge(got, 0);
	return got > 0 ? &asking.message : NULL;
}

void asking_answered(uint64_t question, bool allows, const char *rule)
{
	const struct wire_message *message = asking_next();

	ck_assert_msg(message != NULL, "no answer");
	ck_assert_uint_eq(message->head.kind, WIRE_ANSWER);
	ck_assert_uint_eq(message->head.question, question);
	ck_assert_int_eq(message->head.flag, allows);
	ck_assert_str_eq(message->body, rule);
	asking_silent();
}

void asking_silent(void)
{
	const struct wire_message *message = asking_next();

	ck_assert_msg(!message, "message %u, question %lu, flag %u", message->head.kind,
		      (unsigned long)message->head.question, message->head.flag);
}
