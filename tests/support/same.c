/* SPDX-License-Identifier: Apache-2.0 */
/* same.c: see same.h. */
#include "tests/support/same.h"

#include <check.h>

void same_text(const char *a, const char *b)
{
	ck_assert_int_eq(!a, !b);
	if (a)
		ck_assert_str_eq(a, b);
}

void same_frame(const struct python_frame *a, const struct python_frame *b)
{
	ck_assert_str_eq(a->file, b->file);
	ck_assert_str_eq(a->function, b->function);
	ck_assert_int_eq(a->line, b->line);
	ck_assert_int_eq(a->is_library, b->is_library);
}

void same_stack(const struct stack *a, const struct stack *b)
{
	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	ck_assert_int_eq(a->detail, b->detail);
	ck_assert_uint_eq(a->python_count, b->python_count);
	ck_assert_uint_eq(a->native_count, b->native_count);
	ck_assert_uint_eq(a->user, b->user);
	ck_assert_int_eq(a->is_truncated, b->is_truncated);
	same_text(a->reason, b->reason);
	same_text(a->native_reason, b->native_reason);
	for (unsigned i = 0; i < a->python_count; i++)
		same_frame(&a->python[i], &b->python[i]);
	for (unsigned i = 0; i < a->native_count; i++) {
		const struct c_frame *c = &a->native[i], *d = &b->native[i];

		ck_assert(c->ip == d->ip && c->offset == d->offset && c->first == d->first &&
			  c->count == d->count && c->symbol_offset == d->symbol_offset);
		same_text(c->module, d->module);
		same_text(c->symbol, d->symbol);
	}
}
