/* SPDX-License-Identifier: Apache-2.0 */
/*
 * same.h: two stacks say the same, or the test fails.
 */
#ifndef TESTS_SUPPORT_SAME_H
#define TESTS_SUPPORT_SAME_H

#include "tracer/events/stack.h"

/* Both NULL, or equal. */
void same_text(const char *a, const char *b);

void same_frame(const struct python_frame *a, const struct python_frame *b);
void same_stack(const struct stack *a, const struct stack *b);

#endif
