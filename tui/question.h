/* SPDX-License-Identifier: Apache-2.0 */
/*
 * question.h: what is asked, and the one way to answer it.
 *
 * A key answers when it was typed at least QUESTION_DEAF_MS after the box was drawn, and no key came
 * in the last QUESTION_SILENCE_MS of that time: what was typed for something else, or is the rest of
 * a key that came in pieces, answers nothing.  While the box cannot be seen no key counts.
 */
#ifndef TUI_QUESTION_H
#define TUI_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "filters/verdict.h"

struct app;
struct flat_event;

#define QUESTION_DEAF_MS 500
#define QUESTION_SILENCE_MS 100

/* The event of the question in the box; false: there is none, or it cannot be shown. */
bool question_event(const struct app *app, struct flat_event *ret_event);

/* The box is on the terminal now, from `now_ms` on. */
void question_drawn(struct app *app, int64_t now_ms);

/* Answers the question in the box; `rule`: for this run, too; "": once.  False: it was not taken. */
bool question_answer(struct app *app, bool allows, const char *rule);

/*
 * The narrowest rule for what is asked, with `folders` taken from the end of its path.  False: none
 * can say it; nor is one made for the root, or for a path that is not known as a whole.
 */
bool question_rule(const struct app *app, enum verdict_kind verdict, int folders, char *out,
		   size_t size);

#endif
