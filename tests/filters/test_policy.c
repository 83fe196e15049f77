/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy.c: what sets of rules say; how they are filled is in test_policy_load.c. */
#include <errno.h>

#include "tests/filters/policy_text.h"
#include "tests/support/suite.h"

static const struct {
	const char *text;
	enum call_class class;
	const char *path;
	enum verdict_kind kind;
} judged[] = {
	/* nothing is allowed that no rule allows; metadata alone is */
	{ "", R, "/zz", NO }, { "", W, "/zz", NO }, { "", D, "/zz", NO }, { "", X, "/zz", NO },
	{ "", N, NULL, NO }, { "", E, "LANG", NO }, { "", S, "/zz", OK },
	{ "", CLASS_SIGNAL, NULL, NO }, { "", CLASS_PROCESS, NULL, NO },
	{ "", CLASS_SYSTEM, NULL, NO },
	/* a path means itself and what is below */
	{ "allow read /zz", R, "/zz", OK }, { "allow read /zz", R, "/zz/a/b", OK },
	{ "allow read /zz", R, "/zzz", NO }, { "allow read /zz", R, "/", NO },
	{ "allow read /zz/", R, "/zz/a", OK }, { "allow read /zz", W, "/zz/a", NO },
	{ "allow read /zz", X, "/zz/a", NO }, { "allow read /zz", S, "/q", OK },
	{ "allow read /", R, "/", OK }, { "allow read /", R, "/zz/a", OK },
	{ "allow read /**", R, "/", OK },
	/* what is not canonical is not judged by text */
	{ "allow read /zz", R, NULL, NO }, { "allow read /zz", R, "", NO },
	{ "allow read /zz", R, "zz", NO }, { "allow read /zz", R, "/zz/../etc", NO },
	{ "allow read /zz", R, "/zz//a", NO }, { "allow read /zz", R, "/zz/./a", NO },
	{ "allow read /", R, "/zz/..", NO }, { "allow read /**", R, NULL, NO },
	{ "--allow-all", R, "/zz/../x", OK },
	{ "--allow-all\ndeny read /x", R, "/zz/../x", NO },
	{ "--allow-all\ndeny read /x", R, NULL, NO },
	{ "--allow-all\ndeny read /x", W, NULL, OK },
	/* the most specific decides, whatever the order */
	{ "allow read /zz\ndeny read /zz/a", R, "/zz/a", NO },
	{ "deny read /zz/a\nallow read /zz", R, "/zz/a", NO },
	{ "allow read /zz\ndeny read /zz/a", R, "/zz/a/b", NO },
	{ "allow read /zz\ndeny read /zz/a", R, "/zz/b", OK },
	{ "deny read /zz\nallow read /zz/a", R, "/zz/a/b", OK },
	{ "deny read /zz\nallow read /zz/a", R, "/zz/b", NO },
	{ "deny read /zz/a\nallow read /zz\nallow read /zz/a/b", R, "/zz/a/b/c", OK },
	{ "deny read /zz/a\nallow read /zz\nallow read /zz/a/b", R, "/zz/a/c", NO },
	{ "deny read /\nallow read /zz", R, "/zz/a", OK },
	/* ties */
	{ "allow read /zz\ndeny read /zz", R, "/zz", NO },
	{ "deny read /zz\nallow read /zz", R, "/zz/a", NO },
	{ "allow read /zz\nkill read /zz", R, "/zz", KILL },
	{ "kill read /zz\ndeny read /zz", R, "/zz/a", KILL },
	{ "deny read /zz\nkill read /zz/a\nallow read /zz/a/b", R, "/zz/a/b", OK },
	{ "deny read /zz/*/k\nallow read /zz/*/k", R, "/zz/a/k", NO },
	/* exact, then *, then ** */
	{ "allow read /zz/a\ndeny read /zz/a/**", R, "/zz/a", OK },
	{ "allow read /zz/a\ndeny read /zz/a/**", R, "/zz/a/b", NO },
	{ "deny read /zz/a\nallow read /zz/a/**", R, "/zz/a", NO },
	{ "deny read /zz/a\nallow read /zz/a/**", R, "/zz/a/b", NO },
	{ "allow read /zz/**\ndeny read /zz/*", R, "/zz/a", NO },
	{ "deny read /zz/**\nallow read /zz/*", R, "/zz/a", OK },
	{ "deny read /zz/**\nallow read /zz/*", R, "/zz/a/b", NO },
	{ "deny read /zz\nallow read /zz/*", R, "/zz/a", OK },
	{ "deny read /zz\nallow read /zz/*.txt", R, "/zz/a.txt", OK },
	{ "deny read /zz\nallow read /zz/*.txt", R, "/zz/a.key", NO },
	{ "allow read /zz\ndeny read /zz/**/.git", R, "/zz/a/.git", NO },
	{ "allow read /zz\ndeny read /zz/**/.git", R, "/zz/a/.git/config", NO },
	{ "allow read /zz\ndeny read /zz/**/.git", R, "/zz/a/git", OK },
	{ "allow read /zz/a\ndeny read /zz/**/.git", R, "/zz/a/.git", OK },
	{ "allow read /zz\ndeny read /zz/*/secret", R, "/zz/a/secret", NO },
	{ "allow read /zz\ndeny read /zz/*/secret", R, "/zz/a/secret/deep/er", NO },
	{ "allow read /zz\ndeny read /zz/*/secret", R, "/zz/a/b/secret", OK },
	{ "allow read /zz/*/open", R, "/zz/a/open/deeper", NO },
	{ "allow read /zz/*/open/**", R, "/zz/a/open/deeper", OK },
	{ "allow read /zz/*", R, "/zz", NO },
	/* write speaks for delete */
	{ "allow write /zz", D, "/zz/a", OK }, { "allow write /zz", D, "/zz", OK },
	{ "allow delete /zz", W, "/zz/a", NO }, { "allow delete /zz", D, "/zz/a", OK },
	{ "allow write /zz\ndeny delete /zz", D, "/zz/a", NO },
	{ "allow write /zz\ndeny delete /zz", W, "/zz/a", OK },
	{ "allow write /zz\ndeny delete /zz/a", D, "/zz/b", OK },
	{ "allow write /zz\ndeny write /zz/a", D, "/zz/a", NO },
	{ "allow write /zz\ndeny write /zz/a", D, "/zz/b", OK },
	{ "allow delete /zz\ndeny write /zz", D, "/zz/a", NO },
	{ "allow delete /zz/a\ndeny write /zz", D, "/zz/a", OK },
	{ "allow delete /zz/a\ndeny write /zz", W, "/zz/a", NO },
	{ "allow write /zz/a\ndeny delete /zz", D, "/zz/a/b", OK },
	{ "allow write /zz\nkill delete /zz", D, "/zz/a", KILL },
	{ "allow delete /zz\nkill write /zz", D, "/zz/a", KILL },
	{ "allow read /zz\nallow write /zz/a", D, "/zz/b", NO },
	/* bare --deny-X */
	{ "allow write /zz\n--deny-delete", D, "/zz/a", NO },
	{ "allow write /zz\n--deny-delete", W, "/zz/a", OK },
	{ "allow write /zz\nallow delete /zz/a/b\n--deny-write", D, "/zz/a/b", NO },
	{ "allow write /zz\n--deny-write", W, "/zz/a", NO },
	{ "allow read /zz\n--deny-read", R, "/zz/a", NO },
	{ "allow read /zz\n--deny-write", R, "/zz/a", OK },
	{ "--deny-write\nkill write /zz", W, "/zz/a", KILL },
	{ "allow net\n--deny-net", N, NULL, NO },
	{ "allow exec /zz\n--deny-exec", X, "/zz/a", NO },
	/* net, env, exec, stat */
	{ "allow net", N, NULL, OK }, { "allow net\ndeny net", N, NULL, NO },
	{ "kill net", N, NULL, KILL }, { "allow net", N, "ignored", OK },
	{ "allow exec /zz/bin", X, "/zz/bin/x", OK },
	{ "allow exec /zz/bin/x", X, "/zz/bin/y", NO },
	{ "allow exec /zz/bin\ndeny exec /zz/bin/x", X, "/zz/bin/x", NO },
	{ "deny stat /zz", S, "/zz/a", NO }, { "deny stat /zz", S, "/y", OK },
	{ "deny stat", S, "/y", NO }, { "deny stat\nallow stat /zz", S, "/zz/a", OK },
	{ "deny stat /zz", R, "/y", NO }, { "allow env L*", E, "LANG", OK },
	{ "allow env L*\ndeny env LANG", E, "LANG", NO },
	{ "deny env L*\nallow env LANG", E, "LANG", OK },
	{ "allow env *\ndeny env *_KEY", E, "MY_KEY", NO },
	{ "allow env\ndeny env AWS_*", E, "AWS_X", NO },
	{ "allow env\ndeny env AWS_*", E, "AWS", OK },
	/* hide: every class; the most specific that lets it be used or seen wins; on a tie, hide */
	{ "hide /zz", S, "/zz", HIDES }, { "hide /zz", R, "/zz/a", HIDES },
	{ "hide /zz", W, "/zz/a", HIDES }, { "hide /zz", D, "/zz/a", HIDES },
	{ "hide /zz", X, "/zz", HIDES }, { "hide /zz", S, "/zzz", OK },
	{ "hide /zz", N, NULL, NO }, { "hide /zz\nallow env /zz", E, "/zz", OK },
	{ "allow read /zz\nhide /zz", R, "/zz/a", HIDES },
	{ "deny read /zz\nhide /zz", R, "/zz/a", HIDES },
	{ "deny read /zz/a\nhide /zz", R, "/zz/a", HIDES },
	{ "kill read /zz\nhide /zz", R, "/zz", KILL },
	{ "kill read /zz\nhide /zz", S, "/zz", OK },
	{ "hide /zz\nallow read /zz/a", R, "/zz/a/b", OK },
	{ "hide /zz\nallow read /zz/a", S, "/zz/a/b", OK },
	{ "hide /zz\nallow read /zz/a", W, "/zz/a/b", NO },
	{ "hide /zz\nallow read /zz/a", S, "/zz/b", HIDES },
	{ "hide /zz\nallow read /zz/a/b", S, "/zz/a", OK },
	{ "hide /zz\nallow read /zz/a/b", S, "/zz", OK },
	{ "hide /zz\nallow read /zz/a/b", S, "/zz/a/c", HIDES },
	{ "hide /zz\nallow read /zz/a\nhide /zz/a", S, "/zz", HIDES },
	{ "hide /zz\nallow read /zz/a\nhide /zz/a/k", S, "/zz/a/k", HIDES },
	{ "hide /zz\nallow read /zz/*.txt", S, "/zz/a.txt", OK },
	{ "hide /zz\nallow read /zz/*.txt", S, "/zz", OK },
	{ "hide /zz\nallow read /zz/*.txt", S, "/zz/a", HIDES },
	{ "hide /zz\nallow read /zz/**", S, "/zz/a", HIDES },
	{ "hide /zz\nallow read /zz/**", S, "/zz", HIDES },
	{ "hide /zz\nask write /zz/a", R, "/zz/a", NO }, { "hide /zz/**/.env", S, "/zz", OK },
	{ "hide /zz/**/.env", S, "/zz/q/.env", HIDES },
	{ "allow read /zz\nhide /zz/**/.env", R, "/zz/.env/x", HIDES },
	{ "hide /\nallow read /zz", S, "/", OK }, { "hide /\nallow read /zz", S, "/y", HIDES },
	{ "hide /\nallow read /zz", R, "/zz/a", OK },
	{ "allow read /zz\nhide /zz/a\n--deny-read", R, "/zz/a", HIDES },
	{ "--allow-all\nhide /zz", R, "/zz/a", HIDES },
	{ "--allow-all\nhide /zz", R, "/y", OK },
	/* fake: as an allow of its class, but stronger on a tie; write speaks for delete */
	{ "fake write /zz", W, "/zz/a", FAKES }, { "fake write /zz", D, "/zz/a", FAKES },
	{ "fake write /zz", R, "/zz/a", NO }, { "fake write /zz", S, "/zz/a", OK },
	{ "fake delete /zz", D, "/zz/a", FAKES }, { "fake delete /zz", W, "/zz/a", NO },
	{ "allow write /zz\nfake delete /zz", D, "/zz/a", FAKES },
	{ "allow write /zz\nfake delete /zz", W, "/zz/a", OK },
	{ "allow write /zz/a\nfake write /zz", W, "/zz/a", OK },
	{ "allow write /zz\nfake write /zz", W, "/zz/a", FAKES },
	{ "ask write /zz\nfake write /zz", W, "/zz/a", FAKES },
	{ "deny write /zz\nfake write /zz", W, "/zz/a", NO },
	{ "hide /zz\nfake write /zz", W, "/zz/a", HIDES },
	{ "hide /zz\nfake write /zz/a", W, "/zz/a", FAKES },
	{ "fake write /zz\n--deny-write", W, "/zz/a", NO },
	{ "fake exec /**", X, "/bin/sh", FAKES },
	{ "fake exec /**\nallow exec /zz/sh", X, "/zz/sh", OK },
	{ "--allow-all\nfake exec /**", X, "/bin/sh", FAKES },
	/* --allow-all */
	{ "--allow-all", R, "/zz", OK }, { "--allow-all", W, "/zz", OK },
	{ "--allow-all", D, "/zz", OK }, { "--allow-all", X, "/zz", OK },
	{ "--allow-all", N, NULL, OK }, { "--allow-all", E, "LANG", OK },
	{ "--allow-all", CLASS_SIGNAL, NULL, OK }, { "--allow-all", CLASS_SYSTEM, NULL, OK },
	{ "--allow-all", R, NULL, OK },
	{ "--allow-all\ndeny read /zz", R, "/zz/a", NO },
	{ "--allow-all\ndeny read /zz\nallow read /zz/a", R, "/zz/a", OK },
	{ "--allow-all\ndeny read /zz", W, "/zz/a", OK },
	{ "--allow-all\ndeny write /zz", D, "/zz/a", NO },
	{ "--allow-all\nkill read /zz", R, "/zz/a", KILL },
	{ "--allow-all\n--deny-net", N, NULL, NO },
	{ "--allow-all\n--deny-write", D, "/zz", NO },
};

START_TEST(test_judge)
{
	struct policy *policy = make(judged[_i].text);
	struct verdict verdict = policy_judge(policy, judged[_i].class, judged[_i].path);

	ck_assert_msg(verdict.kind == judged[_i].kind, "[%s] %s %s: %s", judged[_i].text,
		      class_name(judged[_i].class), judged[_i].path, verdict_name(verdict.kind));
	ck_assert_int_eq(verdict.class, judged[_i].class);
	if (verdict.kind == NO) {
		bool is_file = judged[_i].class <= CLASS_EXEC;

		ck_assert_int_eq(verdict.error, is_file ? EACCES : EPERM);
		ck_assert((verdict.rule != NULL) != (verdict.reason != NULL));
		if (verdict.rule)
			ck_assert_int_eq(verdict.rule->verdict, NO);
	} else if (verdict.kind == HIDES) {
		ck_assert_int_eq(verdict.error, ENOENT);
		ck_assert_int_eq(verdict.rule->verdict, HIDES);
	} else {
		ck_assert_int_eq(verdict.error, 0);
	}
	if (judged[_i].class == N)
		ck_assert_ptr_null(verdict.path);
	else
		ck_assert_ptr_eq(verdict.path, judged[_i].path);
	policy_free(policy);
}
END_TEST

static const struct {
	const char *text, *path;
	bool is_uniform;
} uniform[] = {
	{ "", "/zz", true },
	{ "allow write /zz", "/zz/x", true },
	{ "allow write /zz", "/zz", true },
	{ "allow write /zz", "/y", true },
	{ "allow write /zz", "/", false },
	{ "allow write /zz\nallow read /zz/x/y", "/zz/x", false },
	{ "allow write /zz\nallow read /zz/x/y", "/zz/x/y", true },
	{ "allow write /zz\nallow read /zz/x/y", "/zz/x/y/z", true },
	{ "allow write /zz\nallow read /zz/x/y", "/zz/xx", true },
	{ "allow write /zz\ndeny read /zz/x", "/zz/x", false },
	{ "allow write /zz\ndeny read /zz/x", "/zz/y", true },
	{ "allow write /zz\ndeny read /zz/x", "/zz", false },
	{ "allow write /zz\nkill exec /zz/x/y/z", "/zz/x", false },
	{ "allow write /zz\ndeny stat /zz/x/y", "/zz/x", false },
	{ "allow write /zz\ndeny delete /zz/x/y", "/zz/x", false },
	{ "allow write /zz/**", "/zz/x", true },
	{ "allow write /zz/**", "/zz", true },
	{ "allow write /zz\nallow read /zz/*/y/**", "/zz/x/y", true },
	{ "allow write /zz\nallow read /zz/*/y/**", "/zz/x/y/w", true },
	{ "allow write /zz\nallow read /zz/*/y/**", "/zz/x", false },
	{ "allow write /zz\nallow read /zz/*/y/**", "/zz/x/q", true },
	{ "allow write /zz\nhide /zz/x/y", "/zz/x", false },
	{ "allow write /zz\nhide /zz/x/y", "/zz/y", true },
	{ "allow write /zz\nhide /zz/**/.env", "/zz/y", true },
	{ "deny read /zz/*/secret", "/zz/a", false },
	{ "deny read /zz/*/secret", "/zz", false },
	{ "deny read /zz/*/secret", "/zz/a/b", true },
	{ "deny read /zz/*/secret", "/zz/a/secret", false },
	{ "deny read /zz/*/secret", "/zz/a/secret/x", true },
	{ "deny read /zz/**/secret", "/zz/a/b", false },
	{ "deny read /zz/**/secret", "/zz/a/secret/b", true },
	{ "deny read /**/secret", "/y/a", false },
	{ "allow read /zz/*", "/zz", false },
	{ "allow read /zz/*", "/zz/a", false },
	{ "allow read /zz/*", "/zz/a/b", true },
	{ "allow read /zz/*.txt", "/zz/a", true },
	{ "allow read /zz/*.txt", "/zz/a.txt", false },
	{ "deny read /zz/*.txt", "/zz/a.txt/b", true },
	{ "allow read /zz/a\ndeny read /zz/a/**", "/zz/a", false },
	{ "allow write /zz\nallow net\nallow env /zz/x/y", "/zz/x", true },
	{ "--allow-all", "/zz", true },
	{ "--allow-all\ndeny read /zz/x/y", "/zz/x", false },
	{ "allow write /zz", NULL, false },
	{ "allow write /zz", "zz", false },
	{ "allow write /zz", "/zz/../x", false },
};

START_TEST(test_uniform)
{
	struct policy *policy = make(uniform[_i].text);

	ck_assert_msg(policy_is_uniform_below(policy, uniform[_i].path, uniform[_i].path) ==
		      uniform[_i].is_uniform,
		      "[%s] below %s", uniform[_i].text, uniform[_i].path);
	policy_free(policy);
}
END_TEST

/* Both ends of a move, where something is hidden. */
static const struct {
	const char *rule, *path, *other;
	bool is_uniform;
} moved[] = {
	{ "hide /zz/**/.env", "/zz/y", "/zz/a/b", true },
	{ "hide /zz/**/.env", "/zz/y", "/a", false },
	{ "hide /zz/**/.env", "/a", "/zz/y", true },
	{ "hide /zz/**/.env", "/zz/y", NULL, true },
	{ "hide /zz/**/s/key", "/zz/y", "/zz/x", false },
	{ "hide /zz/*/key", "/zz/y", "/zz/x", false },
	{ "hide /zz/**", "/zz", "/a", false },
	{ "hide /zz/y/key", "/zz/y", "/zz/x", false },
	{ "hide /zz/y/key", "/zz/y", NULL, true },
	{ "hide /zz/**/.env\nallow read /zz/x/.env", "/zz/x", "/zz/y", false },
	{ "deny read /zz/**/.env", "/zz/y", "/zz/x", false },
	{ "deny read /zz/**/.env", "/zz/y", NULL, false },
};

START_TEST(test_moved)
{
	struct policy *policy = make(moved[_i].rule);

	ck_assert_msg(policy_is_uniform_below(policy, moved[_i].path, moved[_i].other) ==
		      moved[_i].is_uniform, "[%s] %s to %s", moved[_i].rule, moved[_i].path,
		      moved[_i].other);
	policy_free(policy);
}
END_TEST

static const struct {
	const char *text;
	enum call_class class;
	bool has;
} carved[] = {
	{ "", R, false },
	{ "allow read /zz", R, false },
	{ "allow read /zz/**", R, false },
	{ "allow read /zz\nallow read /y", R, false },
	{ "allow read /zz\ndeny read /y", R, false },
	{ "allow read /zz\ndeny read /zzz", R, false },
	{ "allow read /zz\ndeny read /", R, false },
	{ "allow read /zz\ndeny read /zz/a", R, true },
	{ "allow read /zz\nkill read /zz/a", R, true },
	{ "allow read /zz\ndeny read /zz", R, true },
	{ "allow read /zz\ndeny read /zz/*/k", R, true },
	{ "allow read /\ndeny read /**/k", R, true },
	{ "allow read /zz\nhide /zz/a", R, true },
	{ "allow read /zz\ndeny stat /zz/a", R, true },
	{ "allow read /zz\ndeny stat /y", R, false },
	{ "allow read /zz\ndeny write /zz/a", R, false },
	{ "allow read /zz\nallow write /zz\ndeny write /zz/a", W, true },
	{ "allow write /zz\ndeny write /zz/a", D, true },
	{ "allow write /zz\ndeny delete /zz/a", D, true },
	{ "allow write /zz\ndeny delete /zz/a", W, false },
	{ "allow read /zz/*/k", R, true },
	{ "allow read /zz/*", R, true },
	{ "allow read /zz/*/**", R, true },
	{ "allow write /zz/*", R, false },
	{ "allow read /zz\n--deny-read", R, true },
	{ "--allow-all", R, false },
	{ "--allow-all\ndeny read /zz", R, true },
	{ "allow exec /zz\ndeny exec /zz/a", X, true },
	{ "allow exec /zz\ndeny stat /zz/a", X, false },
};

START_TEST(test_carve_outs)
{
	struct policy *policy = make(carved[_i].text);

	ck_assert_msg(policy_has_carve_outs(policy, carved[_i].class) == carved[_i].has, "[%s] %s",
		      carved[_i].text, class_name(carved[_i].class));
	policy_free(policy);
}
END_TEST

static const struct {
	const char *text;
	enum call_class class;
	bool allows;
} everything[] = {
	{ "", R, false }, { "", S, true }, { "", N, false }, { "", E, false },
	{ "allow read /**", R, true }, { "allow read /", R, true },
	{ "allow read /zz", R, false }, { "allow read /*", R, false },
	{ "allow read /**\ndeny read /zz", R, false },
	{ "allow read /**\nkill read /zz", R, false },
	{ "allow read /**\nallow read /zz", R, true },
	{ "allow read /**\ndeny write /zz", R, true },
	{ "allow read /**\n--deny-read", R, false },
	{ "allow write /**", D, true }, { "allow write /**", W, true },
	{ "allow write /**\ndeny delete /zz", D, false },
	{ "allow delete /**\ndeny write /zz", D, false },
	{ "allow write /**\n--deny-write", D, false },
	{ "allow net", N, true }, { "allow net\ndeny net", N, false },
	{ "allow net\n--deny-net", N, false },
	{ "allow env", E, true }, { "allow env *", E, true }, { "allow env A*", E, false },
	{ "allow env\ndeny env A", E, false },
	{ "hide /zz", S, false }, { "allow read /**\nhide /zz", R, false },
	{ "allow net\nhide /zz", N, true }, { "allow env\nhide /zz", E, true },
	{ "deny stat /zz", S, false }, { "allow stat /zz", S, true },
	{ "--allow-all", R, false },
	{ "", CLASS_SIGNAL, false }, { "--allow-all", CLASS_SYSTEM, false },
};

START_TEST(test_everything)
{
	struct policy *policy = make(everything[_i].text);

	ck_assert_msg(policy_allows_everything(policy, everything[_i].class) ==
		      everything[_i].allows, "[%s] %s", everything[_i].text,
		      class_name(everything[_i].class));
	policy_free(policy);
}
END_TEST

static const struct {
	const char *text, *name;
	bool passes;
} env[] = {
	{ "", "LANG", false }, { "allow env LANG", "LANG", true },
	{ "allow env LANG", "LANGUAGE", false }, { "allow env LANG", "lang", false },
	{ "allow env LC_*", "LC_ALL", true }, { "allow env LC_*", "LC", false },
	{ "allow env", "ANY", true }, { "allow env", "", false }, { "allow env", "A=B", false },
	{ "allow env", "PYTHONPATH", false }, { "allow env", "PYTHON", false },
	{ "allow env", "PYTHO", true }, { "allow env", "LD_PRELOAD", false },
	{ "allow env", "LD_", false }, { "allow env", "LD", true },
	{ "allow env", "GCONV_PATH", false }, { "allow env", "GCONV_PATHS", true },
	{ "allow env", "GLIBC_TUNABLES", false },
	{ "allow env *", "PYTHONPATH", false }, { "allow env P*", "PYTHONPATH", false },
	{ "allow env P*", "PATH", true }, { "allow env PYTHO*", "PYTHONPATH", false },
	{ "allow env PYTHON*", "PYTHONPATH", true }, { "allow env PYTHON*", "PYTHON", true },
	{ "allow env PYTHONPATH", "PYTHONPATH", true },
	{ "allow env PYTHONPATH", "PYTHONHOME", false },
	{ "allow env PYTHONP*", "PYTHONPATH", true },
	{ "allow env\nallow env PYTHONPATH", "PYTHONPATH", true },
	{ "allow env\nallow env PYTHONPATH", "PYTHONHOME", false },
	{ "allow env *PATH", "PYTHONPATH", false }, { "allow env *PRELOAD", "LD_PRELOAD", false },
	{ "allow env L*", "LD_PRELOAD", false }, { "allow env LD*", "LD_PRELOAD", false },
	{ "allow env LD_*", "LD_PRELOAD", true }, { "allow env LD_PRELOAD", "LD_PRELOAD", true },
	{ "allow env LD_PRELOAD", "LD_AUDIT", false },
	{ "allow env GCONV_*", "GCONV_PATH", false },
	{ "allow env GCONV_PATH", "GCONV_PATH", true },
	{ "allow env GLIBC_TUNABLES", "GLIBC_TUNABLES", true },
	{ "allow env\n--deny-env", "LANG", false }, { "allow env LANG\ndeny env", "LANG", true },
	{ "allow env\ndeny env LANG", "LANG", false }, { "kill env LANG", "LANG", false },
	{ "--allow-all", "PYTHONPATH", true }, { "--allow-all", "LD_PRELOAD", true },
	{ "--allow-all\ndeny env LD_*", "LD_PRELOAD", false },
	{ "--allow-all", "", false }, { "--allow-all", "A=", false },
};

START_TEST(test_env)
{
	struct policy *policy = make(env[_i].text);

	ck_assert_msg(policy_allows_env(policy, env[_i].name) == env[_i].passes, "[%s] %s",
		      env[_i].text, env[_i].name);
	policy_free(policy);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_loop_test(tcase, test_judge, 0, ARRAY_SIZE(judged));
	tcase_add_loop_test(tcase, test_uniform, 0, ARRAY_SIZE(uniform));
	tcase_add_loop_test(tcase, test_moved, 0, ARRAY_SIZE(moved));
	tcase_add_loop_test(tcase, test_carve_outs, 0, ARRAY_SIZE(carved));
	tcase_add_loop_test(tcase, test_everything, 0, ARRAY_SIZE(everything));
	tcase_add_loop_test(tcase, test_env, 0, ARRAY_SIZE(env));
}

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	add_tests(tcase);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
