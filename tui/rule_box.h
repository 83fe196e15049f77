/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_box.h: the second step of a question: a rule for later runs, too, written to a policy file.
 *
 * It starts with the narrowest rule; Tab widens it: the file, its folder, the folder above.  The
 * word of the rule has to be typed: no habit of the fingers makes a permanent rule.
 */
#ifndef TUI_RULE_BOX_H
#define TUI_RULE_BOX_H

#include <stdbool.h>

struct app;
struct flat_event;

#define QUESTION_DEAF_MS 500

void rule_box_open(struct app *app);
void paint_rule_box(struct app *app);

/* The event that is asked about first. */
bool question_event(const struct app *app, struct flat_event *ret_event);

/* Allows it, and by this rule the rest of the run. */
void question_answer_with_rule(struct app *app, const char *rule);

#endif
