/* SPDX-License-Identifier: Apache-2.0 */
/* syscalls.c: see syscalls.h.  Everything here is made from syscalls.def by the compiler. */
#include "filters/syscalls.h"

#include <string.h>

#include "filters/decide.h"
#include "filters/nr.h"

/* `NULL` as a decider has no name; sizeof tells it apart, as strcmp is no constant. */
#define DECIDER_NAME(text) (sizeof(text) == sizeof("NULL") ? "" : (text))

/* __LINE__ is the line in syscalls.def: inside an included file it counts that file's lines. */
#define CALL(name_, group_, shape_, action_, decide_, words_)                                      \
	{                                                                                          \
		.nr = __NR_##name_,                                                                \
		.line = __LINE__,                                                                  \
		.name = #name_,                                                                    \
		.group = GROUP_##group_,                                                           \
		.shape = (shape_),                                                                 \
		.action = FILTER_##action_,                                                        \
		.decide = (decide_),                                                               \
		.decider = DECIDER_NAME(#decide_),                                                 \
		.words = (words_),                                                                 \
	},
const struct syscall_row syscall_rows[] = {
#include "filters/syscalls.def"
};
#undef CALL

const size_t syscall_row_count = sizeof(syscall_rows) / sizeof(syscall_rows[0]);

/* Places in syscall_rows, in the same order because from the same file. */
#define CALL(name_, ...) ROW_##name_,
enum row_place {
#include "filters/syscalls.def"
};
#undef CALL

/* Place + 1 by number; 0: no row.  A number that stood in two rows would be a compiler warning. */
#define CALL(name_, ...) [__NR_##name_] = ROW_##name_ + 1,
static const unsigned short place_by_nr[] = {
#include "filters/syscalls.def"
};
#undef CALL

const struct syscall_row *syscall_by_nr(long nr)
{
	if (nr < 0 || (size_t)nr >= sizeof(place_by_nr) / sizeof(place_by_nr[0]))
		return NULL;
	return place_by_nr[nr] ? &syscall_rows[place_by_nr[nr] - 1] : NULL;
}

const struct syscall_row *syscall_by_name(const char *name)
{
	for (size_t i = 0; i < syscall_row_count; i++)
		if (!strcmp(syscall_rows[i].name, name))
			return &syscall_rows[i];
	return NULL;
}
