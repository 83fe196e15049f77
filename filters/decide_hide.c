/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_hide.c: what a hidden file answers; the calls that stop only where something is hidden.
 *
 * What is hidden is not there: ENOENT.  A hidden name cannot be given to anything: EACCES, the same
 * whether something stands there or not.  In a folder that is hidden itself nothing can be made at
 * all, and again the answer is that of a folder that is not there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"

enum call_class decide_class(const struct call *call)
{
	decide_fn *decider = call->row ? call->row->decide : NULL;

	if (decider == decide_open)
		return call_flags_write(call->flags) ? CLASS_WRITE
			: call->flags & O_PATH ? CLASS_STAT : CLASS_READ;
	if (decider == decide_remove)
		return CLASS_DELETE;
	if (decider == decide_exec)
		return CLASS_EXEC;
	if (decider == decide_stat || decider == decide_access || decider == decide_list ||
	    decider == decide_enter || decider == decide_tell)
		return CLASS_STAT;
	if (decider == decide_address || decider == decide_socket)
		return CLASS_NET;
	return call->file[0].raw || call->file[0].path ? CLASS_WRITE : CLASS_SYSTEM;
}

/* Does the call give the file its name? */
static bool is_made(const struct call *call, unsigned index)
{
	decide_fn *decider = call->row->decide;

	if (decider == decide_link || decider == decide_rename)
		return index == 1;
	if (decider == decide_make)
		return true;
	return decider == decide_open && call->flags & O_CREAT && !(call->flags & O_PATH);
}

static bool is_in_hidden_folder(const struct policy *policy, const char *path)
{
	char folder[PATH_MAX + 32];
	size_t size = (size_t)(strrchr(path, '/') - path);

	if (!size || size >= sizeof(folder))
		return false;
	memcpy(folder, path, size);
	folder[size] = '\0';
	return policy_find_hide(policy, folder) != NULL;
}

/* What the tracee has a descriptor of is no longer hidden from it; what has no name never was. */
static const struct rule *hides(const struct policy *policy, const struct call_file *file)
{
	if (!file->path || file->error || file->is_nameless || file->is_held || file->is_open ||
	    file->is_foreign_proc)
		return NULL;
	return policy_find_hide(policy, file->path);
}

static enum call_class class_of(const struct call *call, unsigned index)
{
	enum call_class class = decide_class(call);

	if (call->row->decide == decide_rename && index == 0)
		return CLASS_DELETE;
	return class < CLASS_IN_RULES ? class : CLASS_STAT;
}

struct verdict decide_hidden(const struct policy *policy, const struct call *call)
{
	for (unsigned i = 0; (policy->hides || policy->fakes) && i < CALL_FILES; i++) {
		const struct call_file *file = &call->file[i];
		const struct rule *rule = hides(policy, file);
		struct verdict verdict = { .kind = VERDICT_HIDE, .error = ENOENT, .rule = rule };

		/* Behind something that cannot be named: fails closed. */
		if (!rule && !file->is_behind && (!file->is_gone || is_made(call, i)))
			continue;
		if (!rule)
			verdict.reason = "deleted, as far as the script knows";
		if (is_made(call, i) && !file->is_behind &&
		    !is_in_hidden_folder(policy, file->path))
			verdict.error = EACCES;
		verdict.class = class_of(call, i);
		verdict.path = file->path;
		return verdict;
	}
	return decide_allow(CLASS_STAT, NULL);
}

struct verdict decide_list(const struct policy *policy, const struct call *call)
{
	(void)policy;
	return decide_allow(CLASS_STAT, call->file[0].path);
}

struct verdict decide_enter(const struct policy *policy, const struct call *call)
{
	(void)policy;
	return decide_allow(CLASS_STAT, call->file[0].path);
}

struct verdict decide_where(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_allow(CLASS_STAT, NULL);
}

/*
 * Only the kernel can perform it, and would read the path again: another thread could let it look
 * at what is hidden.  What was only said to be deleted is no secret.
 */
struct verdict decide_tell(const struct policy *policy, const struct call *call)
{
	int error = call->nr == __NR_name_to_handle_at ? EOPNOTSUPP : EACCES;

	if (!policy->hides)
		return decide_allow(CLASS_STAT, call->file[0].path);
	return decide_deny(error, CLASS_STAT, call->file[0].path,
			   "it could tell of what is hidden");
}
