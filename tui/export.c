/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.c: what the screen shows, on the plain terminal or in a file: a record when its name ends
 * in .jsonl, else complete lines for people, cleaned by tracer/events/listing.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/flat.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/listing.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/output.h"
#include "tui/screen.h"

#define ROW_MAX 8192
#define FLUSH_EVERY 1000

/* These return how many were written, or a negative errno. */
static long write_events(struct app *app, FILE *out)
{
	struct listing *listing;
	struct flat_event event;
	size_t count = model_count(&app->model);

	if (listing_new(false, &listing) < 0)
		return -ENOMEM;
	if (listing_set_cwd(listing, app->model.facts.cwd) < 0) {
		listing_free(listing);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		const char *line = model_event(model_entry(&app->model, i), &event) == 0
					   ? listing_line(listing, &event.event) : NULL;

		if (line && (fputs(line, out) < 0 || putc('\n', out) == EOF))
			break;
	}
	listing_free(listing);
	return ferror(out) ? -EIO : (long)count;
}

/*
 * Pages hold bytes as they came: they are made safe as on the screen.  A rule is escaped already:
 * once more, and it would be about another file.
 */
static long write_page(const struct page *page, FILE *out)
{
	char line[4 * PAGE_LINE_MAX];

	for (size_t i = 0; i < page->count; i++) {
		bool is_plain = page->is_policy && text_is_plain_string(page->lines[i]);

		text_show_string(line, sizeof(line), page->lines[i]);
		if (fputs(is_plain ? page->lines[i] : line, out) < 0 || putc('\n', out) == EOF)
			return -EIO;
	}
	return (long)page->count;
}

static long write_shown(struct app *app, FILE *out)
{
	if (app->writes_page)
		return write_page(&app->page, out);
	return app->view == VIEW_OUTPUT ? output_write(app, out) : write_events(app, out);
}

/* As a record: `pyjail report` opens it.  Takes the descriptor. */
static long write_record(struct app *app, int fd)
{
	const struct facts *facts = &app->model.facts;
	int result = fcntl(fd, F_DUPFD_CLOEXEC, 0), e;
	struct flat_event event;
	struct sink *sink;

	if (!facts->start || result < 0) {
		close(fd);
		return facts->start ? -errno : -ENODATA;
	}
	e = jsonl_new(fd, facts->start, &sink);
	for (size_t i = 0; e == 0 && i < model_count(&app->model); i++) {
		if (model_event(model_entry(&app->model, i), &event) == 0)
			sink->ops->put(sink, &event.event.event);
		if (i % FLUSH_EVERY == 0)
			e = -sink->ops->flush(sink, true);
	}
	if (e == 0) {
		e = -sink->ops->flush(sink, true);
		sink->ops->close(sink);
	}
	if (e == 0 && facts->result)
		e = json_dumpfd(facts->result, result, JSONL_DUMP_FLAGS) < 0 ||
		    write(result, "\n", 1) != 1 ? -EIO : 0;
	close(result);
	return e < 0 ? e : (long)model_count(&app->model);
}

static bool is_record(const struct app *app, const char *file)
{
	size_t length = strlen(file);

	return !app->writes_page && app->view != VIEW_OUTPUT && length > 6 &&
	       !strcmp(file + length - 6, ".jsonl");
}

static long write_text(struct app *app, int fd)
{
	FILE *out = fdopen(fd, "w");
	long r;

	if (!out) {
		close(fd);
		return -ENOMEM;
	}
	r = write_shown(app, out);
	return fclose(out) != 0 && r >= 0 ? -errno : r;
}

/* A new file only: what is there already is somebody's. */
void act_export(struct app *app, const char *file)
{
	int fd = file[0] ? open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
	long r = file[0] ? fd < 0 ? -errno : 0 : -ENOENT;

	if (r == 0)
		r = is_record(app, file) ? write_record(app, fd) : write_text(app, fd);
	if (r < 0)
		app_say(app, "not written: %s: %s", file, strerror((int)-r));
	else
		app_say(app, "%ld %s written to %s", r,
			app->writes_page || app->view == VIEW_OUTPUT ? "lines" : "events", file);
}

/* The rows as they stand on the screen, without colours. */
static void print_screen(void)
{
	int rows = draw_rows();
	char **lines = calloc((size_t)rows, sizeof(*lines));
	char row[ROW_MAX];

	for (int y = 0; lines && y < rows - 1; y++) {
		screen_row(y, row, sizeof(row));
		lines[y] = strdup(row);
	}
	screen_suspend();
	for (int y = 0; lines && y < rows - 1; y++) {
		puts(lines[y] ? lines[y] : "");
		free(lines[y]);
	}
	free(lines);
}

/* So that it can be copied; of the script's terminal all that is kept. */
void act_plain(struct app *app)
{
	int c;

	if (app->view == VIEW_OUTPUT && app->output) {
		screen_suspend();
		output_write(app, stdout);
	} else {
		print_screen();
	}
	fputs("-- Enter: back to the screen ", stdout);
	fflush(stdout);
	while ((c = getchar()) != '\n' && c != '\r' && c != EOF)
		;
	screen_resume();
	app->wants_redraw = true;
}
