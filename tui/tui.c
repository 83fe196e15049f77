/* SPDX-License-Identifier: Apache-2.0 */
/* tui.c: see tui.h.  Wakes by timer, draws when something changed. */
#include "tui/tui.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/output.h"
#include "tui/question.h"
#include "tui/rule_box.h"
#include "tui/screen.h"

#define FRAME_MS 50             /* 20 a second while something comes */
#define TYPED_MS 15             /* what is typed to the script should be seen soon */
#define IDLE_MS 250
#define CLOCK_MS 1000
#define KEYS_IN_A_ROW 64
#define TAKES_IN_A_ROW 8

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- painting ---- */

static bool is_page(const struct app *app)
{
	return app->mode == MODE_HELP || app->mode == MODE_EVENT || app->mode == MODE_SOURCE ||
	       app->mode == MODE_DRAFT;
}

static void paint_body(struct app *app)
{
	if (is_page(app)) {
		paint_page(app);
	} else if (app->view == VIEW_OUTPUT) {
		paint_output(app);
	} else if (app->view == VIEW_REPORT) {
		paint_report(app);
	} else {
		paint_detail(app);
		paint_table(app);
	}
}

void paint_app(struct app *app)
{
	draw_erase();
	layout_fit(&app->layout, draw_rows(), draw_columns(), app->detail_rows);
	if (app->layout.is_tiny) {
		paint_tiny(app);
		return;
	}
	app_settle(app);
	draw_cursor(0, 0, true);
	paint_frame(app);
	paint_body(app);
	if (app->mode == MODE_QUESTION)
		paint_question(app);
	if (app->mode == MODE_RULE)
		paint_rule_box(app);
	paint_keys(app);
	draw_end();
}

/* ---- starting and ending ---- */

static void start_panes(struct app *app)
{
	for (int i = 0; i < VIEWS; i++)
		app->panes[i].sort = views[i].sort;
	app->panes[VIEW_EVENTS].list.follows = app->feed->is_live;
	app->view = app->feed->is_live ? VIEW_EVENTS : VIEW_REPORT;
}

int app_start(struct app *app, const struct tui_config *config, struct fault *ret_fault)
{
	int r = model_init(&app->model);

	app->config = config;
	if (r == 0 && config->ring) {
		r = feed_run(config->ring, config->wire, &app->feed);
	} else if (r == 0) {
		app->model.counts_itself = true;
		r = feed_record(config->record, config->follows, &app->feed, ret_fault);
	}
	if (r == 0 && config->ring)
		r = output_start(app);
	if (r < 0) {
		if (!ret_fault->text[0])
			fault_set(ret_fault, "the screen cannot start: %s", strerror(-r));
		return r;
	}
	start_panes(app);
	return 0;
}

void app_end(struct app *app)
{
	output_end(app);
	if (app->feed)
		app->feed->ops->free(app->feed);
	questions_clear(&app->questions);
	page_clear(&app->page);
	model_free(&app->model);
}

/* ---- the loop ---- */

/* What the tracer, or the reading itself, has to say. */
static bool take_words(struct app *app, int r)
{
	if (r < 0)
		app_say(app, "events cannot be read: %s", strerror(-r));
	if (app->feed->note[0])
		app_say(app, "%s", app->feed->note);
	else if (r >= 0)
		return false;
	app->feed->note[0] = '\0';
	return true;
}

/* The run is over: what it came to. */
static void take_end(struct app *app)
{
	app->ended_ms = app->now_ms;
	app->is_paused = false;
	app->view = VIEW_REPORT;
	app->mode = app->mode == MODE_QUIT || app->mode == MODE_FOCUS ? MODE_BROWSE : app->mode;
}

bool app_take(struct app *app)
{
	struct feed *feed = app->feed;
	bool was_over = feed->is_over, has_news;
	int r = 1;

	/* Of a run questions still come: its threads wait for them. */
	feed->holds_events = app->is_paused;
	if (app->is_paused && !feed->is_live && !was_over)
		return false;
	for (int i = 0; r > 0 && i < TAKES_IN_A_ROW; i++)
		r = feed->ops->take(feed, &app->model, &app->questions);
	if (!was_over && feed->is_over && feed->is_live)
		take_end(app);
	has_news = take_words(app, r) | feed->has_news | (was_over != feed->is_over);
	feed->has_news = false;
	/* Keys are about the rows that are seen, wherever they stand now. */
	if (has_news)
		app_settle(app);
	return has_news;
}

static bool take_keys(struct app *app)
{
	bool resized = app->was_resized;
	int key = KEY_NONE, taken = 0;

	app->was_resized = false;
	for (; taken < KEYS_IN_A_ROW && !app->is_done; taken++) {
		key = screen_key(&resized);
		if (key == KEY_NONE)
			break;
		act(app, key);
		act_questions(app);
	}
	if (resized)
		output_fit(app);
	return taken > 0 || resized;
}

static void wait_for(struct app *app, int patience_ms)
{
	/* Not at all while it is not read: a wire that is closed would be heard at once, always. */
	bool listens = app->feed->is_live && !app->feed->is_over &&
		       app->questions.count < QUESTIONS_MAX;
	struct pollfd polls[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = listens ? app->config->wire : -1, .events = POLLIN },
		{ .fd = -1 },
	};

	polls[2].fd = output_poll(app, &polls[2].events);
	poll(polls, 3, patience_ms);
	/* A terminal that is gone takes the screen with it: questions are then denied. */
	if (polls[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		app->is_done = true, app->end = TUI_LEFT;
}

static void frame(struct app *app)
{
	if (app->wants_redraw)
		screen_redraw();
	app->wants_redraw = false;
	paint_app(app);
	screen_refresh();
	/* A terminal that is slow, or stopped, shows it so late. */
	question_drawn(app, now_ms());
}

/* How long to wait: until the frame that is due, or for something to come. */
static int patience_ms(const struct app *app, bool is_dirty, int64_t due_ms)
{
	bool is_busy = app->feed->ops->has_more(app->feed) && !app->is_paused;

	if (is_dirty)
		return due_ms > app->now_ms ? (int)(due_ms - app->now_ms) : 0;
	return is_busy || app->mode == MODE_QUESTION ? FRAME_MS : IDLE_MS;
}

/* The box that waits is not drawn again and again: each time it reads what a traceback names. */
static bool has_box_news(const struct app *app, bool was_heard)
{
	return app->mode == MODE_QUESTION &&
	       (!app->question_is_drawn || app->question_listens != was_heard);
}

static void run(struct app *app)
{
	int64_t drawn_ms = 0;
	bool is_dirty = true;

	while (!app->is_done) {
		int frame_ms = app->mode == MODE_FOCUS ? TYPED_MS : FRAME_MS;
		bool has_keys, was_heard = app->question_listens;

		app->now_ms = now_ms();
		is_dirty |= app_take(app);
		is_dirty |= output_take(app);
		act_questions(app);
		has_keys = take_keys(app);
		is_dirty |= has_keys;
		is_dirty |= app->feed->is_live && !app->feed->is_over &&
			    app->now_ms - drawn_ms >= CLOCK_MS;
		is_dirty |= has_box_news(app, was_heard);
		/* The script's terminal wakes us more often than a frame is due. */
		if (is_dirty && !app->is_done &&
		    (has_keys || app->now_ms - drawn_ms >= frame_ms)) {
			frame(app);
			drawn_ms = app->now_ms;
			is_dirty = false;
		}
		if (!app->is_done)
			wait_for(app, patience_ms(app, is_dirty, drawn_ms + frame_ms));
	}
}

static enum theme_scheme scheme_of(const struct tui_config *config)
{
	const char *no_color = getenv("NO_COLOR");

	switch (config->color) {
	case TUI_COLOR_ALWAYS:
		return THEME_DEFAULT;
	case TUI_COLOR_NEVER:
		return THEME_MONO;
	case TUI_COLOR_CONTRAST:
		return THEME_CONTRAST;
	case TUI_COLOR_AUTO:
	default:
		return no_color && no_color[0] ? THEME_MONO : THEME_DEFAULT;
	}
}

int tui_run(const struct tui_config *config, enum tui_end *ret_end, struct fault *ret_fault)
{
	struct screen_style style = { .scheme = scheme_of(config), .is_ascii = config->is_ascii };
	struct app *app = calloc(1, sizeof(*app));
	int r = app ? app_start(app, config, ret_fault) : -ENOMEM;

	if (r == 0)
		r = screen_start(&style, ret_fault);
	if (r == 0) {
		app->started_ms = now_ms();
		output_fit(app);
		run(app);
		screen_end();
		*ret_end = app->end;
	}
	if (app)
		app_end(app);
	free(app);
	return r;
}
