/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: see output.h. */
#include "tui/output.h"

#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"

int output_start(struct app *app)
{
	(void)app;
	return 0;
}

void output_end(struct app *app)
{
	(void)app;
}

void output_fit(struct app *app)
{
	(void)app;
}

bool output_take(struct app *app)
{
	(void)app;
	return false;
}

void paint_output(struct app *app)
{
	draw_format(app->layout.body_y + 1, 2, app->layout.columns - 4, MEANING_DIM,
		    "A record does not hold what the script printed.");
}

void act_focus_key(struct app *app, int key)
{
	if (key_action(CONTEXT_FOCUS, key) == ACTION_UNFOCUS)
		app->mode = MODE_BROWSE;
}
