/* SPDX-License-Identifier: Apache-2.0 */
/* rule_box.c: see rule_box.h. */
#include "tui/rule_box.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "filters/grant.h"
#include "tracer/events/flat.h"
#include "tracer/events/wire.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"

#define WORD "allow"
#define BOX_ROWS 7

/* The rule for `path`, as many folders above it as were asked for by Tab. */
static bool make_rule(const struct app *app, char *out, size_t size)
{
	struct flat_event event;
	char path[FLAT_TEXT_MAX + 1];

	if (!question_event(app, &event))
		return false;
	if (!event.event.event.path)
		return grant_print(VERDICT_ALLOW, event.event.event.class, NULL, out, size) > 0;
	snprintf(path, sizeof(path), "%s", event.event.event.path);
	for (int i = 0; i < app->rule_width; i++) {
		char *slash = strrchr(path, '/');

		/* The root is no rule that one writes by the way. */
		if (!slash || slash == path)
			return false;
		*slash = '\0';
	}
	return grant_print(VERDICT_ALLOW, event.event.event.class, path, out, size) > 0;
}

static const char *file_name(const struct app *app)
{
	return app->config->policy_file ? app->config->policy_file : "pyjail.policy";
}

void rule_box_open(struct app *app)
{
	char rule[WIRE_RULE_MAX];

	app->rule_width = 0;
	if (!make_rule(app, rule, sizeof(rule))) {
		app_say(app, "no rule can say this: answer once");
		return;
	}
	edit_set(&app->edit, "");
	app->mode = MODE_RULE;
}

static void widen(struct app *app)
{
	char rule[WIRE_RULE_MAX];

	app->rule_width++;
	if (!make_rule(app, rule, sizeof(rule)))
		app->rule_width = 0;
}

/* Appended in one write, as a line of its own, whatever the file ended with. */
static int append_rule(const char *file, const char *rule)
{
	char line[WIRE_RULE_MAX + 2];
	int fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644), e = 0;
	off_t end = fd >= 0 ? lseek(fd, 0, SEEK_END) : -1;
	bool is_open = end > 0 && pread(fd, line, 1, end - 1) == 1 && line[0] != '\n';
	int length = snprintf(line, sizeof(line), "%s%s\n", is_open ? "\n" : "", rule);

	if (fd < 0)
		return -errno;
	if (end < 0 || write(fd, line, (size_t)length) != length)
		e = errno ? -errno : -EIO;
	if (close(fd) < 0 && e == 0)
		e = -errno;
	return e;
}

static void save(struct app *app)
{
	char rule[WIRE_RULE_MAX];
	int r;

	if (strcmp(app->edit.text, WORD) != 0) {
		app_say(app, "not saved: type the word %s, or Esc", WORD);
		return;
	}
	if (!make_rule(app, rule, sizeof(rule)))
		return;
	r = append_rule(file_name(app), rule);
	if (r < 0) {
		app_say(app, "not saved: %s: %s", file_name(app), strerror(-r));
		return;
	}
	question_answer_with_rule(app, rule);
	app_say(app, "saved; later runs:  --policy=%s", file_name(app));
}

void act_rule_key(struct app *app, int key)
{
	switch ((int)key_action(CONTEXT_RULE, key)) {
	case ACTION_BACK:
		app->mode = MODE_QUESTION;
		break;
	case ACTION_WIDEN:
		widen(app);
		break;
	case ACTION_OPEN:
		save(app);
		break;
	default:
		act_type(app, key);
		break;
	}
}

void paint_rule_box(struct app *app)
{
	char rule[WIRE_RULE_MAX];
	int cells = app->layout.columns - 4, y = app->layout.keys_y - BOX_ROWS - 2;
	struct shown title;

	if (y < 1)
		y = 1;
	shown_format(&title, cells, "Write a rule");
	draw_box(y, 2, BOX_ROWS, cells, &title, NULL);
	if (!make_rule(app, rule, sizeof(rule)))
		rule[0] = '\0';
	draw_format(y + 1, 4, 8, MEANING_DIM, "rule");
	draw_middle(y + 1, 12, cells - 12, MEANING_TITLE, rule);
	draw_format(y + 2, 12, cells - 12, MEANING_DIM,
		    "Tab widens it: the file, its folder, the one above");
	draw_format(y + 3, 4, 8, MEANING_DIM, "into");
	draw_middle(y + 3, 12, cells - 12, MEANING_PLAIN, file_name(app));
	draw_format(y + 4, 4, cells - 4, MEANING_PLAIN,
		    "type    %s and press Enter to save. Esc goes back.", WORD);
	draw_text(y + 5, 12, cells - 12, MEANING_TITLE, app->edit.text);
	draw_cursor(y + 5, 12 + (int)app->edit.cursor, true);
}
