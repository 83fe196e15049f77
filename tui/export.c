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
#include "tui/screen.h"

#define ROW_MAX 8192
#define FLUSH_EVERY 1000

static int write_events(struct app *app, FILE *out)
{
	struct listing *listing;
	struct flat_event event;
	size_t count = model_count(&app->model);

	if (listing_new(false, &listing) < 0 || listing_set_cwd(listing, app->model.facts.cwd) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const char *line = model_event(model_entry(&app->model, i), &event) == 0
					   ? listing_line(listing, &event.event) : NULL;

		if (line && (fputs(line, out) < 0 || putc('\n', out) == EOF))
			break;
	}
	listing_free(listing);
	return ferror(out) ? -EIO : 0;
}

/* Pages hold bytes as they came: they are made safe as on the screen. */
static int write_page(const struct page *page, FILE *out)
{
	char line[4 * PAGE_LINE_MAX];

	for (size_t i = 0; i < page->count; i++) {
		text_show_string(line, sizeof(line), page->lines[i]);
		if (fputs(line, out) < 0 || putc('\n', out) == EOF)
			return -EIO;
	}
	return 0;
}

/* As a record: `pyjail report` opens it.  Takes the descriptor. */
static int write_record(struct app *app, int fd)
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
	return e;
}

static bool is_record_name(const char *file)
{
	size_t length = strlen(file);

	return length > 6 && !strcmp(file + length - 6, ".jsonl");
}

static int write_text(struct app *app, int fd)
{
	FILE *out = fdopen(fd, "w");
	int r;

	if (!out) {
		close(fd);
		return -ENOMEM;
	}
	r = app->writes_page ? write_page(&app->page, out) : write_events(app, out);
	return fclose(out) != 0 && r == 0 ? -errno : r;
}

/* A new file only: what is there already is somebody's. */
void act_export(struct app *app, const char *file)
{
	int fd = file[0] ? open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
	int r = file[0] ? fd < 0 ? -errno : 0 : -ENOENT;

	if (r == 0)
		r = !app->writes_page && is_record_name(file) ? write_record(app, fd)
							      : write_text(app, fd);
	if (r < 0)
		app_say(app, "not written: %s: %s", file, strerror(-r));
	else
		app_say(app, "%zu %s written to %s",
			app->writes_page ? app->page.count : model_count(&app->model),
			app->writes_page ? "lines" : "events", file);
}

/* The rows as they stand on the screen, without colours, so that they can be copied. */
void act_plain(struct app *app)
{
	int rows = draw_rows();
	char **lines = calloc((size_t)rows, sizeof(*lines));
	char row[ROW_MAX];
	int c;

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
	fputs("-- Enter: back to the screen ", stdout);
	fflush(stdout);
	while ((c = getchar()) != '\n' && c != '\r' && c != EOF)
		;
	screen_resume();
	app->wants_redraw = true;
}
