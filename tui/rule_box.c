/* SPDX-License-Identifier: Apache-2.0 */
/* rule_box.c: see rule_box.h. */
#include "tui/rule_box.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/events/wire.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/question.h"

#define WORD "allow"
#define BOX_ROWS 7
#define WORD_CELLS 20

static bool make_rule(const struct app *app, char *out, size_t size)
{
	return question_rule(app, VERDICT_ALLOW, app->rule_width, out, size);
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

/* A file of the person's own: the script may have put a link of that name there, to anything. */
static bool is_ours(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
	       status.st_uid == geteuid();
}

/* In one write, as a line of its own, whatever the file ended with. */
static int write_line(int fd, const char *rule)
{
	char line[WIRE_RULE_MAX + 2];
	off_t end = lseek(fd, 0, SEEK_END);
	bool is_open = end > 0 && pread(fd, line, 1, end - 1) == 1 && line[0] != '\n';
	int length = snprintf(line, sizeof(line), "%s%s\n", is_open ? "\n" : "", rule);
	ssize_t written = end < 0 ? -1 : write(fd, line, (size_t)length);

	if (written < 0)
		return -errno;
	return written == length ? 0 : -ENOSPC;
}

static int append_rule(const char *file, const char *rule)
{
	int fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW |
			    O_NONBLOCK, 0644);
	int e;

	if (fd < 0)
		return -errno;
	e = is_ours(fd) ? write_line(fd, rule) : -EPERM;
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
		app_say(app, "not saved: %s: %s", file_name(app),
			r == -EPERM || r == -ELOOP ? "it is a link, or not yours" : strerror(-r));
		return;
	}
	/* Once only: should the answer not go out, the box asks again. */
	if (question_answer(app, true, rule))
		app_say(app, "saved; later runs:  --policy=%s", file_name(app));
	else if (app->mode == MODE_RULE)
		app->mode = MODE_QUESTION;
}

void act_rule_key(struct app *app, int key)
{
	/* Nothing is decided that cannot be seen. */
	if (app->layout.is_tiny)
		return;
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
	size_t cursor = app->edit.cursor < WORD_CELLS ? app->edit.cursor : WORD_CELLS;
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
	draw_cursor(y + 5, 12 + (int)cursor, true);
}
