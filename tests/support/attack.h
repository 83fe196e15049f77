/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack.h: hostile scripts, and what they changed, seen from outside.
 *
 * A script is a list of variants, `v(f)`: each calls f(D, w), where D is a folder of its own that
 * the policy protects and w one that it may write to.  In D lie t ("SECRET n"), l (a link to it), d/f.
 * In the jail no D changes in any way (content, names, mode, owner, times, attributes) and no SECRET
 * is printed, with Landlock and without it.  The same script run by bare Python is the control: there
 * every variant must succeed, except those that say v(f, sure=False): what they try is closed by the
 * system for most callers, or would do harm outside.  The control leaves them out.
 */
#ifndef TESTS_SUPPORT_ATTACK_H
#define TESTS_SUPPORT_ATTACK_H

#include "tests/support/live.h"

#define ATTACK_VARIANTS_MAX 24

struct attack {
	const char *name;
	const char *code;
	const char *options[8];   /* besides reading and writing below w */
	bool is_carved;           /* D is w/prot: a refusal inside of what is allowed */
	const char *call, *verdict;   /* recorded at least once; NULL: not looked at */
};

/* jail_setup and the folder of the script.  For a checked fixture; goes with jail_teardown. */
void attack_setup(void);

/*
 * For main: the attacks, one test each (two jailed runs and the control; it fails saying which
 * variant won, or could not), and other tests (NULL ends).
 */
int attack_main(const char *name, const struct attack *attacks, size_t count,
		const TTest *const others[]);

/* Tests alone (NULL ends), with fixtures of their own. */
int attack_main_with(const char *name, SFun setup, SFun teardown, const TTest *const tests[]);

/* What every script begins with: sc(number, ...), v, W, b, show, attempt. */
extern const char attack_preamble[];

/* preamble + code as jail_folder/s/s.py, with the options (NULL: none), Landlock or not. */
void attack_script(struct jail *jail, const char *const options[], bool has_landlock,
		   const char *code);

/* For other tests: the folders D and w of all variants, and that no D has changed since. */
void attack_folders(void);
void attack_folders_check(void);

/* The same by Python alone: what the script could do. */
void attack_bare(struct jail *jail, const char *code);

#endif
