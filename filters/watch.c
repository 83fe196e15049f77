/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: see watch.h. */
#include "filters/watch.h"

#include <string.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "filters/syscalls.h"

static const char *const names[WATCHES] = {
	[WATCH_UNSAID] = "", [WATCH_POLICY] = "policy", [WATCH_FILES] = "files",
	[WATCH_ALL] = "all",
};

enum watch watch_parse(const char *word)
{
	for (unsigned i = WATCH_POLICY; i < WATCHES; i++)
		if (strcmp(names[i], word) == 0)
			return (enum watch)i;
	return WATCH_UNSAID;
}

/* By descriptor, and yet what a person calls going to a folder and listing it. */
static const int folder_calls[] = {
	__NR_getdents64, __NR_fchdir,
#ifdef __NR_getdents
	__NR_getdents,
#endif
};

/*
 * Never stopped.  The first two are the kernel's way out of a signal: one puts back registers, so
 * that its result is no result, the other goes on with a call that was seen already.  exit and
 * exit_group do not return: the end of the task is what is to be seen.  uretprobe is entered by the
 * kernel's own trampoline.
 */
static const int unseen_calls[] = {
	__NR_rt_sigreturn, __NR_restart_syscall, __NR_exit, __NR_exit_group,
#ifdef __NR_uretprobe
	__NR_uretprobe,
#endif
};

static bool is_in(const int *list, size_t count, int nr)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == nr)
			return true;
	return false;
}

static bool names_file(const struct syscall_row *row)
{
	return row->group == GROUP_FILE && (strpbrk(row->shape, "pn") != NULL ||
					    is_in(folder_calls, ARRAY_SIZE(folder_calls), row->nr));
}

bool watch_wants(enum watch watch, const struct syscall_row *row)
{
	switch (watch) {
	case WATCH_FILES:
		return names_file(row);
	case WATCH_ALL:
		return !is_in(unseen_calls, ARRAY_SIZE(unseen_calls), row->nr);
	case WATCH_UNSAID:
	case WATCH_POLICY:
	case WATCHES:
	default:
		return false;
	}
}
