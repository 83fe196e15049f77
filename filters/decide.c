/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide.c: see decide.h.  The entry, and what all deciders share; the deciders themselves are in
 * decide_file.c, decide_hide.c, decide_proc.c, decide_net.c and decide_rest.c, and the harmless
 * argument forms in decide_form.c.
 */
#include "filters/decide.h"

#include <errno.h>

#include "filters/match.h"
#include "filters/policy.h"

struct verdict decide_allow(enum call_class class, const char *path)
{
	return (struct verdict){ .kind = VERDICT_ALLOW, .class = class, .path = path };
}

struct verdict decide_deny(int error, enum call_class class, const char *path, const char *reason)
{
	return (struct verdict){
		.kind = VERDICT_DENY,
		.error = error,
		.class = class,
		.path = path,
		.reason = reason,
	};
}

struct verdict decide_deny_unless_all(const struct policy *policy, enum call_class class,
				      const char *reason)
{
	bool is_refused = class < CLASS_IN_RULES && policy->refuses[class];

	if (policy->allows_all && !is_refused)
		return decide_allow(class, NULL);
	return decide_deny(EPERM, class, NULL, reason);
}

static int severity(enum verdict_kind kind)
{
	switch (kind) {
	case VERDICT_ALLOW:   return 0;
	case VERDICT_VIEW:    return 1;
	case VERDICT_SCRATCH: return 2;
	case VERDICT_ASK:     return 3;
	/* Above a question: an answer to it must not let the faked half be done. */
	case VERDICT_FAKE:    return 4;
	case VERDICT_DENY:    return 5;
	case VERDICT_HIDE:    return 6;
	case VERDICT_KILL:    return 7;
	}
	return 7;
}

struct verdict decide_worse(struct verdict first, struct verdict second)
{
	return severity(second.kind) > severity(first.kind) ? second : first;
}

/*
 * Fails closed: what was not resolved, or is not canonical, is no path that a rule speaks of.
 * Genuine errors (ENOENT, ELOOP) were answered by the tracer before it asked.
 */
static bool is_judgeable(const struct call_file *file)
{
	if (file->error != 0)
		return false;
	return file->is_nameless || (file->path != NULL && match_is_canonical(file->path));
}

struct verdict decide_want_name(const struct policy *policy, const struct call_file *file,
				enum call_class class)
{
	struct verdict verdict;

	/* Also under --allow-all: there the tracer marks only its own entries. */
	if (file->is_foreign_proc)
		return decide_deny(EACCES, class, file->path, "a process outside the script");
	if (!is_judgeable(file))
		return decide_deny(EACCES, class, file->path, "path cannot be judged");
	if (file->is_nameless)
		return decide_deny(EACCES, class, file->path, "it has no name");
	/* Whoever has a descriptor on it was given it: hidden are names. */
	if (file->is_open)
		return policy_judge_seen(policy, class, file->path);
	verdict = policy_judge(policy, class, file->path);
	/* Nobody else's contents are in it.  What a rule refuses by name stays refused. */
	if (class == CLASS_READ && file->is_own && verdict.kind == VERDICT_DENY && !verdict.rule &&
	    !policy->refuses[CLASS_READ])
		return decide_allow(class, file->path);
	return verdict;
}

struct verdict decide_want(const struct policy *policy, const struct call_file *file,
			   enum call_class class)
{
	bool is_by_descriptor = file->is_held || file->is_nameless;

	if (is_by_descriptor && !file->is_foreign_proc && is_judgeable(file))
		return decide_allow(class, file->path);
	return decide_want_name(policy, file, class);
}

/* What is allowed on a file that only the script believes in is no access to a real one. */
static struct verdict mark_faked(const struct call *call, struct verdict verdict)
{
	if ((verdict.kind == VERDICT_ALLOW || verdict.kind == VERDICT_SCRATCH) &&
	    (call->file[0].is_faked || call->file[1].is_faked))
		verdict.kind = VERDICT_FAKE;
	return verdict;
}

struct verdict decide(const struct policy *policy, const struct call *call)
{
	const struct syscall_row *row = call->row;
	struct verdict hidden;

	if (row == NULL)
		return decide_deny(ENOSYS, CLASS_SYSTEM, NULL, "call has no row");
	if (row->action == FILTER_ENOSYS)
		return decide_deny(ENOSYS, CLASS_SYSTEM, NULL, "libc has another way");
	if (row->decide == NULL)
		return decide_allow(CLASS_SYSTEM, NULL);
	hidden = decide_hidden(policy, call);
	return hidden.kind == VERDICT_HIDE ? hidden : mark_faked(call, row->decide(policy, call));
}
