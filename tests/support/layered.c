/* SPDX-License-Identifier: Apache-2.0 */
/* layered.c: see layered.h. */
#include "tests/support/layered.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct layer *layered;

static char folder[64];

void layered_run(const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "cd %s && %s", folder, command);
	ck_assert_int_eq(system(text), 0);
}

void layered_make(const char *command)
{
	strcpy(folder, "/tmp/pyjail-layered.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	layered_run("mkdir real layer");
	layered_run(command);
}

void layered_open(void)
{
	char real[96], dir[96];

	layer_close(layered);
	layered = NULL;
	snprintf(real, sizeof(real), "%s/real", folder);
	snprintf(dir, sizeof(dir), "%s/layer", folder);
	ck_assert_int_eq(layer_open(dir, real, &layered), 0);
}

void layered_drop(void)
{
	layer_close(layered);
	layered_run("chmod -R u+rwx . && rm -rf layer real");
	rmdir(folder);
}
