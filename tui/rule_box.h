/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_box.h: the second step of a question: a rule for later runs, too, written to a policy file.
 *
 * It starts with the narrowest rule; Tab widens it: the file, its folder, the folder above.  The
 * word of the rule has to be typed: no habit of the fingers makes a permanent rule.  The file is never
 * one that a link leads to.
 */
#ifndef TUI_RULE_BOX_H
#define TUI_RULE_BOX_H

struct app;

void rule_box_open(struct app *app);
void paint_rule_box(struct app *app);

#endif
