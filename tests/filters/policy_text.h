/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_text.h: policies from text, for the tests of policies; each test has a folder of its own.
 */
#ifndef TESTS_POLICY_TEXT_H
#define TESTS_POLICY_TEXT_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"

static char scratch[64];         /* a folder of this test, canonical */

static const struct policy_vars vars = {
	.home = "/zz/home", .cwd = "/zz/cwd", .script_dir = "/zz/app",
	.interpreter = "/zz/py/bin/python3.11", .prefixes = { "/zz/py", "/zz/venv" },
	.prefix_count = 2, .uid = 1000,
};

static void put_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, size, file), size);
	fclose(file);
}

static void set_up(void)
{
	strcpy(scratch, "/tmp/policy.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	ck_assert_int_eq(system(command), 0);
}

/*
 * Rules as lines, with three more words: `--deny-X` alone refuses, `--allow-all`, `--ask` alone.
 * "@" stands for the scratch folder.
 */
static void add_text(struct policy *policy, const char *text)
{
	struct fault fault = { .line = 0 };
	char line[512];

	while (*text) {
		size_t size = strcspn(text, "\n"), used = 0;
		char class[16] = "";

		for (size_t i = 0; i < size; i++)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "%.*s",
						 text[i] == '@' ? 64 : 1,
						 text[i] == '@' ? scratch : text + i);
		line[used++] = '\n';
		text += size + (text[size] == '\n');
		if (strncmp(line, "--allow-all", 11) == 0)
			policy->allows_all = true;
		if (strncmp(line, "--ask\n", 6) == 0)
			policy->asks = true;
		for (int i = 0; sscanf(line, "--deny-%15s", class) == 1 && i < CLASS_IN_RULES; i++)
			if (strcmp(class_name((enum call_class)i), class) == 0)
				policy_add_option(policy, &vars, VERDICT_DENY, (enum call_class)i,
						  NULL, &fault);
		if (line[0] == '-')
			continue;
		put_file("lines.policy", line, used);
		ck_assert_msg(policy_add_file(policy, &vars, "lines.policy", &fault) == 0, "%s: %s",
			      line, fault.text);
	}
}

__attribute__((unused))
static struct policy *make(const char *text)
{
	struct policy *policy = policy_new();

	ck_assert_ptr_nonnull(policy);
	add_text(policy, text);
	return policy;
}

#define R CLASS_READ
#define W CLASS_WRITE
#define D CLASS_DELETE
#define S CLASS_STAT
#define X CLASS_EXEC
#define N CLASS_NET
#define E CLASS_ENV
#define OK VERDICT_ALLOW
#define NO VERDICT_DENY
#define KILL VERDICT_KILL
#define ASKS VERDICT_ASK
#define HIDES VERDICT_HIDE
#define FAKES VERDICT_FAKE

__attribute__((unused))
static bool allows(const struct policy *policy, enum call_class class, const char *format)
{
	char path[256];
	size_t used = 0;

	for (; *format; format++)
		used += (size_t)snprintf(path + used, sizeof(path) - used, "%.*s",
					 *format == '@' ? 64 : 1,
					 *format == '@' ? scratch : format);
	return policy_judge(policy, class, path).kind == OK;
}

#endif
