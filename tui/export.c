/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.c: what the screen shows, on the plain terminal or in a file: complete lines for people,
 * cleaned by tracer/events/listing.h.
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
#include "tracer/events/listing.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/screen.h"

#define ROW_MAX 8192

static int write_events(struct app *app, FILE *out)
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

/* A new file only: what is there already is somebody's. */
void act_export(struct app *app, const char *file)
{
	int fd = file[0] ? open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	int r;

	if (!out) {
		app_say(app, "not written: %s: %s", file, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	r = app->writes_page ? write_page(&app->page, out) : write_events(app, out);
	if (fclose(out) != 0 || r < 0)
		app_say(app, "not all written: %s: %s", file, strerror(errno));
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
