/* SPDX-License-Identifier: Apache-2.0 */
/* decide_rest.c: commands on descriptors, and calls that are refused as a whole. */
#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/sockios.h>
#include <linux/userfaultfd.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"

#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)  /* Linux 6.1 */
#endif

struct refused_command {
	uint32_t command;
	enum call_class class;
	bool is_always;      /* also under --allow-all */
	const char *reason;
};

/* Refused all the same without a line here: these have better words. */
static const struct refused_command refused_ioctls[] = {
	/* What is typed that way outlives the script, on the caller's own terminal. */
	{ TIOCSTI, CLASS_SYSTEM, true, "typing into the terminal" },
	/* /dev/userfaultfd gives what userfaultfd(2) gives. */
	{ USERFAULTFD_IOC_NEW, CLASS_SYSTEM, true, "it would blind pyjail" },
	{ TIOCLINUX, CLASS_SYSTEM, false, "typing into the terminal" },
	{ TIOCSETD, CLASS_SYSTEM, false, "changing the kind of terminal" },
	{ TIOCCONS, CLASS_SYSTEM, false, "taking over console output" },
	{ TIOCGPTPEER, CLASS_SYSTEM, false, "opening a terminal past the rules" },
	{ FIOSETOWN, CLASS_SIGNAL, false, "choosing who gets signals" },
	{ SIOCSPGRP, CLASS_SIGNAL, false, "choosing who gets signals" },
	{ FIOASYNC, CLASS_SIGNAL, false, "signals from a descriptor" },
	{ FS_IOC_SETFLAGS, CLASS_WRITE, false, "changing flags of a file" },
	{ FS_IOC_FSSETXATTR, CLASS_WRITE, false, "changing flags of a file" },
	{ FS_IOC_SETVERSION, CLASS_WRITE, false, "changing flags of a file" },
	{ FS_IOC_SETFSLABEL, CLASS_WRITE, false, "naming a file system" },
	{ FS_IOC_SET_ENCRYPTION_POLICY, CLASS_WRITE, false, "encrypting a folder" },
	{ FS_IOC_ADD_ENCRYPTION_KEY, CLASS_WRITE, false, "adding a key to a file system" },
	{ FS_IOC_REMOVE_ENCRYPTION_KEY, CLASS_WRITE, false, "removing a key of a file system" },
	{ FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS, CLASS_WRITE, false,
	  "removing a key of a file system" },
};

static const struct refused_command refused_fcntls[] = {
	/* A lease of the script's own makes the tracer's next open of that file wait (measured). */
	{ F_SETLEASE, CLASS_SYSTEM, true, "a lease would hold up pyjail" },
	{ F_NOTIFY, CLASS_SYSTEM, true, "watching a folder by signal" },
	{ F_SETOWN_EX, CLASS_SIGNAL, false, "choosing who gets signals" },
	{ F_SETSIG, CLASS_SIGNAL, false, "choosing which signal is sent" },
	/* Only with O_ASYNC: args.def passes the rest. */
	{ F_SETFL, CLASS_SIGNAL, false, "signals from a descriptor" },
};

/* `unlisted` answers for what the table does not name. */
static struct verdict refuse_command(const struct policy *policy, uint32_t command,
				     const struct refused_command *table, size_t count,
				     const char *unlisted)
{
	for (size_t i = 0; i < count; i++) {
		const struct refused_command *found = &table[i];
		/* What it does to the disk cannot be put off. */
		bool is_real = found->class == CLASS_WRITE && policy_is_scratch(policy, "/");

		if (found->command == command && (found->is_always || is_real))
			return decide_deny(EPERM, found->class, NULL, found->reason);
		if (found->command == command)
			return decide_deny_unless_all(policy, found->class, found->reason);
	}
	return decide_deny_unless_all(policy, CLASS_SYSTEM, unlisted);
}

struct verdict decide_ioctl(const struct policy *policy, const struct call *call)
{
	if (decide_is_passed_form(call))
		return decide_allow(CLASS_SYSTEM, NULL);
	/* uuid.uuid1() asks.  Every socket answers this, a pair's end too: judged, not passed. */
	if (call_arg_low(call, 1) == SIOCGIFHWADDR)
		return policy_judge(policy, CLASS_NET, NULL);
	return refuse_command(policy, call_arg_low(call, 1), refused_ioctls,
			      ARRAY_SIZE(refused_ioctls), "a device command of another kind");
}

/* Who gets SIGIO: it is a way to send a signal. */
static struct verdict judge_setown(const struct policy *policy, const struct call *call)
{
	switch (call->target) {
	case TARGET_SELF:
	case TARGET_TREE:
		return decide_allow(CLASS_SIGNAL, NULL);
	case TARGET_TRACER:
		return decide_deny(EPERM, CLASS_SIGNAL, NULL, "pyjail itself");
	case TARGET_NONE:
		/* Number 0 ends what was set before. */
		if (call_arg_low(call, 2) == 0)
			return decide_allow(CLASS_SIGNAL, NULL);
		return decide_deny(EPERM, CLASS_SIGNAL, NULL, "cannot tell which process is meant");
	case TARGET_GROUP:
	case TARGET_GONE:
	case TARGET_FOREIGN:
		break;
	}
	return decide_deny_unless_all(policy, CLASS_SIGNAL, "a process outside the script");
}

struct verdict decide_fcntl(const struct policy *policy, const struct call *call)
{
	uint32_t command = call_arg_low(call, 1);

	if (decide_is_passed_form(call))
		return decide_allow(CLASS_SYSTEM, NULL);
	if (command == F_SETOWN)
		return judge_setown(policy, call);
	return refuse_command(policy, command, refused_fcntls, ARRAY_SIZE(refused_fcntls),
			      "a descriptor command of another kind");
}

struct verdict decide_blind(const struct policy *policy, const struct call *call)
{
	bool is_queue = call->nr == __NR_io_uring_setup || call->nr == __NR_io_uring_enter ||
			call->nr == __NR_io_uring_register;

	(void)policy;
	/* Programs that want a queue fall back when the kernel has none, not when it refuses. */
	return decide_deny(is_queue ? ENOSYS : EPERM, CLASS_SYSTEM, NULL, "it would blind pyjail");
}

struct verdict decide_never(const struct policy *policy, const struct call *call)
{
	if (decide_is_passed_form(call))
		return decide_allow(CLASS_SYSTEM, NULL);
	return decide_deny_unless_all(policy, CLASS_SYSTEM, "not for scripts");
}

/* Whoever gave up rights would still get what pyjail opens: better to be told that it cannot be. */
struct verdict decide_sandbox(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_deny(ENOSYS, CLASS_SYSTEM, NULL, "it would not bind what pyjail opens");
}

/* Stopped so that the tracer counts it: limits.h. */
struct verdict decide_mapping(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_allow(CLASS_SYSTEM, NULL);
}

struct verdict decide_memfd(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_deny(EPERM, CLASS_SYSTEM, NULL, "memfd is refused under --memory");
}

/* Stopped so that the tracer knows it, see args.def. */
struct verdict decide_pointer(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_allow(CLASS_PROCESS, NULL);
}

/* Stopped so that the tracer knows it: what the broker creates gets the tracee's umask. */
struct verdict decide_umask(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_allow(CLASS_PROCESS, NULL);
}
