/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pythons.h: every CPython on this machine that this user can run: the one list of where to look.
 */
#ifndef TESTS_SUPPORT_PYTHONS_H
#define TESTS_SUPPORT_PYTHONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PYTHONS_MAX 24

struct python {
	char path[PATH_MAX];     /* canonical */
	char prefix[PATH_MAX];   /* sys.base_prefix */
	char version[16];        /* "3.11.2" */
	unsigned minor;
	bool is_named;           /* by PYJAIL_PYTHONS: may need more than the default policy allows */
};

/*
 * Looks in /usr/bin, PATH, /usr/local/bin, /opt/X/bin, ~/.pyenv/versions/X/bin, and at the programs
 * that PYJAIL_PYTHONS names (between colons).  Versions 3.8 to 3.15 only.  Returns how many.
 */
size_t pythons_find(struct python pythons[PYTHONS_MAX]);

/* One "skip: " line for each minor version from 3.8 to 3.15 that is not among them. */
void pythons_say_missing(const struct python *pythons, size_t count);

#endif
