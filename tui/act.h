/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act.h: what keys do.  Nothing here draws.
 */
#ifndef TUI_ACT_H
#define TUI_ACT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/keys.h"

struct app;

/* One key, whatever the screen shows now. */
void act(struct app *app, int key);

/* ---- in lists ---- */

void act_move(struct app *app, enum action action);
void act_go_to(struct app *app, size_t row);
void act_next_bad(struct app *app, int step);

/* Enter, and the way back. */
void act_open(struct app *app);
void act_back(struct app *app);

/* False: it is no filter, which the bar then says. */
bool act_set_filter(struct app *app, const char *text);

/* ---- a line that is edited: filter, search, name of a file ---- */

void act_edit_key(struct app *app, int key);
bool act_type(struct app *app, int key);        /* into app->edit; false: no key of a text */
void act_search(struct app *app, bool is_forward);

/* ---- pages ---- */

void act_page_help(struct app *app);
void act_page_event(struct app *app);
void act_page_draft(struct app *app);
void act_page_source(struct app *app, const char *file, int line);

/* ---- to the outside ---- */

void act_plain(struct app *app);
void act_export(struct app *app, const char *file);

/* ---- questions, and the script's terminal ---- */

void act_questions(struct app *app);            /* opens and closes the box as they come and go */
void act_question_key(struct app *app, int key);
void act_rule_key(struct app *app, int key);
void act_focus_key(struct app *app, int key);
void act_freeze(struct app *app);
void act_kill(struct app *app);

#endif
