/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_file.c: calls that name a file.
 *
 * file[0] is what the call acts on, or the source of a rename or link; file[1] the new name.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"

#define SET_ID_BITS (S_ISUID | S_ISGID)
#define TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define RENAME_FLAGS (RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)

static bool is_refusal(struct verdict verdict)
{
	return verdict.kind == VERDICT_DENY || verdict.kind == VERDICT_KILL ||
	       verdict.kind == VERDICT_HIDE;
}

/* A file that runs as somebody else outlives the jail: no write right covers making one. */
static struct verdict judge_set_id(const struct policy *policy, const struct call *call)
{
	const char *path = call->file[0].path;

	if (policy->allows_all || !(call->mode & SET_ID_BITS))
		return decide_allow(CLASS_WRITE, path);
	return decide_deny(EPERM, CLASS_WRITE, path, "a set-user-id or set-group-id file");
}

/* creat(2) has no flags argument: what it means does not depend on who filled call->flags. */
static int open_flags(const struct call *call)
{
#ifdef __NR_creat
	if (call->nr == __NR_creat)
		return O_CREAT | O_WRONLY | O_TRUNC;
#endif
	return call->flags;
}

/*
 * A descriptor that only names its object (O_PATH, open(2)) cannot read or write it.  But a
 * foreign /proc entry would be followed with the tracer's rights.
 */
static struct verdict judge_path_only(const struct call_file *file)
{
	if (file->is_foreign_proc)
		return decide_deny(EACCES, CLASS_STAT, file->path, "a process outside the script");
	return decide_allow(CLASS_STAT, file->path);
}

/* The copy that a faked file begins with is read: nobody is asked about what is not done. */
static struct verdict judge_reading(const struct policy *policy, const struct call_file *file,
				    enum verdict_kind writing)
{
	struct verdict verdict = decide_want(policy, file, CLASS_READ);

	if (writing == VERDICT_FAKE && verdict.kind == VERDICT_ASK)
		return decide_deny(EACCES, CLASS_READ, file->path, "reading it would be asked");
	return verdict;
}

struct verdict decide_open(const struct policy *policy, const struct call *call)
{
	const struct call_file *file = &call->file[0];
	int flags = open_flags(call);
	struct verdict verdict;

	if (flags & O_PATH)
		return judge_path_only(file);
	if (!call_flags_write(flags))
		return decide_want(policy, file, CLASS_READ);

	/* Write first: of two refusals it is the one to hear about. */
	verdict = decide_want(policy, file, CLASS_WRITE);
	if ((flags & O_ACCMODE) != O_WRONLY)
		verdict = decide_worse(verdict, judge_reading(policy, file, verdict.kind));
	if (flags & (O_CREAT | TMPFILE_BIT))
		verdict = decide_worse(verdict, judge_set_id(policy, call));
	return verdict;
}

struct verdict decide_remove(const struct policy *policy, const struct call *call)
{
	return decide_want_name(policy, &call->file[0], CLASS_DELETE);
}

/* 0 no, 1 somebody must be asked, 2 yes. */
static int permission(const struct policy *policy, enum call_class class, const char *path)
{
	enum verdict_kind kind = policy_judge(policy, class, path).kind;

	if (verdict_permits(kind))
		return 2;
	return kind == VERDICT_ASK ? 1 : 0;
}

/*
 * A new name must not give what the old one refused, or a protected file is moved (or linked) to
 * where it may be read, written or run.
 */
static struct verdict judge_gain(const struct policy *policy, const struct call_file *old,
				 const struct call_file *new)
{
	static const enum call_class classes[] = { CLASS_READ, CLASS_WRITE, CLASS_EXEC };
	struct verdict worst = decide_allow(CLASS_WRITE, new->path);

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		int before = permission(policy, classes[i], old->path);
		struct verdict gain;

		if (permission(policy, classes[i], new->path) <= before ||
		    (classes[i] == CLASS_READ && old->is_own && !S_ISDIR(old->type)))
			continue;
		gain = decide_deny(EACCES, classes[i], old->path, "the new name would allow more");
		/* What could be had by asking can be asked for here. */
		if (before == 1)
			gain.kind = VERDICT_ASK;
		worst = decide_worse(worst, gain);
	}
	return worst;
}

/* What has no known type is taken for a folder: that asks for more.  A link may lead to one. */
static bool may_be_folder(const struct call_file *file)
{
	return file->type == 0 || S_ISDIR(file->type) || S_ISLNK(file->type);
}

static const char speaks_inside[] = "a rule speaks of something inside this folder";

/* judge_gain speaks of the folder itself; what is inside must follow the same rules. */
static struct verdict judge_folder(const struct policy *policy, const struct call_file *old,
				   const struct call_file *new, bool swaps)
{
	if (!may_be_folder(old) && !(swaps && may_be_folder(new)))
		return decide_allow(CLASS_WRITE, new->path);
	if (!policy_is_uniform_below(policy, old->path, new->path))
		return decide_deny(EACCES, CLASS_DELETE, old->path, speaks_inside);
	if (!policy_is_uniform_below(policy, new->path, old->path))
		return decide_deny(EACCES, CLASS_WRITE, new->path, speaks_inside);
	return decide_allow(CLASS_WRITE, new->path);
}

static struct verdict judge_rename_flags(const struct policy *policy, const struct call *call)
{
	const char *path = call->file[0].path;

	if (call->flags & ~RENAME_FLAGS)
		return decide_deny(EINVAL, CLASS_WRITE, path, "unknown rename flags");
	if (call->flags & RENAME_WHITEOUT && !policy->allows_all)
		return decide_deny(EPERM, CLASS_WRITE, path, "a whiteout is a device");
	return decide_allow(CLASS_WRITE, path);
}

struct verdict decide_rename(const struct policy *policy, const struct call *call)
{
	const struct call_file *old = &call->file[0];
	const struct call_file *new = &call->file[1];
	bool swaps = call->flags & RENAME_EXCHANGE;
	struct verdict verdict = decide_want_name(policy, old, CLASS_DELETE);

	verdict = decide_worse(verdict, decide_want_name(policy, new, CLASS_WRITE));
	if (new->exists || swaps)
		verdict = decide_worse(verdict, decide_want_name(policy, new, CLASS_DELETE));
	if (swaps)
		verdict = decide_worse(verdict, decide_want_name(policy, old, CLASS_WRITE));
	verdict = decide_worse(verdict, judge_rename_flags(policy, call));
	if (is_refusal(verdict))
		return verdict;

	/* Both ends have a path that can be judged, or they were refused above. */
	verdict = decide_worse(verdict, judge_gain(policy, old, new));
	if (swaps)
		verdict = decide_worse(verdict, judge_gain(policy, new, old));
	return decide_worse(verdict, judge_folder(policy, old, new, swaps));
}

/* O_TMPFILE, memfd: no rule speaks of it.  Who holds it open for writing may change or name it. */
static struct verdict judge_nameless(const struct policy *policy,
				     const struct call_file *file)
{
	struct verdict verdict = decide_want(policy, file, CLASS_WRITE);

	if (is_refusal(verdict) || file->is_held || policy->allows_all)
		return verdict;
	return decide_deny(EACCES, CLASS_WRITE, file->path, "a nameless file not open for writing");
}

static bool is_device(const struct call_file *file)
{
	return S_ISCHR(file->type) || S_ISBLK(file->type);
}

/* /dev/null may be written to; its owner, mode and names are everybody's, and not to be put off. */
static struct verdict judge_device(const struct policy *policy)
{
	if (policy_is_scratch(policy, "/"))
		return decide_deny(EPERM, CLASS_WRITE, NULL, "a device is no file of the view");
	return decide_deny_unless_all(policy, CLASS_WRITE, "a device belongs to the system");
}

/*
 * A symbolic link by a new name.  To everybody else it is the folder that it leads to: what a rule
 * refuses inside must not come in by it.
 */
static struct verdict judge_symlink(const struct policy *policy, const char *path)
{
	if (policy_is_uniform_below(policy, path, NULL))
		return decide_allow(CLASS_WRITE, path);
	return decide_deny(EACCES, CLASS_WRITE, path, speaks_inside);
}

struct verdict decide_link(const struct policy *policy, const struct call *call)
{
	const struct call_file *source = &call->file[0];
	const struct call_file *new = &call->file[1];
	struct verdict verdict;

	if (source->is_nameless)
		return decide_worse(judge_nameless(policy, source),
				    decide_want_name(policy, new, CLASS_WRITE));

	/* The name outlives the descriptor: an open one (is_held) is no leave to make it. */
	verdict = decide_want_name(policy, source, CLASS_WRITE);
	if (is_device(source))
		verdict = decide_worse(verdict, judge_device(policy));
	verdict = decide_worse(verdict, decide_want_name(policy, source, CLASS_READ));
	verdict = decide_worse(verdict, decide_want_name(policy, new, CLASS_WRITE));
	if (is_refusal(verdict))
		return verdict;
	if (S_ISLNK(source->type))
		verdict = decide_worse(verdict, judge_symlink(policy, new->path));
	return decide_worse(verdict, judge_gain(policy, source, new));
}

static bool is_mknod(const struct call *call)
{
#ifdef __NR_mknod
	if (call->nr == __NR_mknod)
		return true;
#endif
	return call->nr == __NR_mknodat;
}

/* The types by name and not "all but devices": a type that a later kernel knows is not let by. */
static struct verdict judge_node(const struct policy *policy, const struct call *call)
{
	mode_t type = call->mode & S_IFMT;

	if (type == S_IFIFO || type == S_IFSOCK || policy->allows_all)
		return decide_allow(CLASS_WRITE, call->file[0].path);
	if (type == S_IFREG || type == 0)
		return judge_set_id(policy, call);
	return decide_deny(EPERM, CLASS_WRITE, call->file[0].path, "a device node");
}

static bool is_symlink(const struct call *call)
{
#ifdef __NR_symlink
	if (call->nr == __NR_symlink)
		return true;
#endif
	return call->nr == __NR_symlinkat;
}

/* A symbolic link counts by its own name: where it leads is judged when it is followed. */
struct verdict decide_make(const struct policy *policy, const struct call *call)
{
	struct verdict verdict = decide_want_name(policy, &call->file[0], CLASS_WRITE);

	if (is_mknod(call))
		verdict = decide_worse(verdict, judge_node(policy, call));
	if (is_symlink(call) && !is_refusal(verdict))
		verdict = decide_worse(verdict, judge_symlink(policy, call->file[0].path));
	return verdict;
}

static bool is_chmod(const struct call *call)
{
	switch (call->nr) {
#ifdef __NR_chmod
	case __NR_chmod:
#endif
	case __NR_fchmod:
	case __NR_fchmodat:
	case __NR_fchmodat2:
		return true;
	default:
		return false;
	}
}

struct verdict decide_change(const struct policy *policy, const struct call *call)
{
	const struct call_file *file = &call->file[0];
	struct verdict verdict = file->is_nameless ? judge_nameless(policy, file)
						   : decide_want(policy, file, CLASS_WRITE);

	if (is_device(file))
		verdict = decide_worse(verdict, judge_device(policy));
	/* On a folder the bit only says which group new files get. */
	if (is_chmod(call) && !S_ISDIR(file->type))
		verdict = decide_worse(verdict, judge_set_id(policy, call));
	return verdict;
}

/* access(2) has its mode in another argument than the others; -1: not such a call. */
static long access_mode(const struct call *call)
{
#ifdef __NR_access
	if (call->nr == __NR_access)
		return call_arg_low(call, 1);
#endif
	if (call->nr == __NR_faccessat || call->nr == __NR_faccessat2)
		return call_arg_low(call, 2);
	return -1;
}

/* Asking for anything but writing is metadata: without a stat rule the filter passes it. */
struct verdict decide_access(const struct policy *policy, const struct call *call)
{
	const struct call_file *file = &call->file[0];

	if (!(access_mode(call) & W_OK))
		return decide_want(policy, file, CLASS_STAT);
	return decide_want(policy, file, CLASS_WRITE);
}

/* Open unless a rule speaks of it: policy_judge. */
struct verdict decide_stat(const struct policy *policy, const struct call *call)
{
	return decide_want(policy, &call->file[0], CLASS_STAT);
}
