/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suite.h: how a test program ends.
 */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <check.h>

/* Runs it, as CK_VERBOSITY says, and frees it.  For main: EXIT_SUCCESS when nothing failed. */
int suite_run(Suite *suite);

#endif
