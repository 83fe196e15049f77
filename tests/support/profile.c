/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.c: see profile.h.  The form of the profile: "includes" and "excludes" name architectures,
 * capabilities and a least kernel; a rule applies when all of "includes" hold and none of
 * "excludes".  Here there is no capability, and the kernel is new enough for all.
 */
#include "tests/support/profile.h"

#include <errno.h>
#include <grp.h>
#include <jansson.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define MACHINE "amd64"
#define ARGS_MAX 6

/* In the program itself: live tests run from copies, by users who may not see the sources. */
__asm__(".pushsection .rodata\n"
	"profile_docker:\n"
	".incbin \"tests/data/docker-default-seccomp.json\"\n"
	"profile_docker_end:\n"
	".popsection\n");
extern const char profile_docker[] __attribute__((visibility("hidden")));
extern const char profile_docker_end[] __attribute__((visibility("hidden")));

#define BIT(capability) (UINT64_C(1) << (capability))

const uint64_t profile_docker_capabilities =
	BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_KILL) |
	BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_SETPCAP) | BIT(CAP_NET_BIND_SERVICE) |
	BIT(CAP_NET_RAW) | BIT(CAP_SYS_CHROOT) | BIT(CAP_MKNOD) | BIT(CAP_AUDIT_WRITE) |
	BIT(CAP_SETFCAP);

static bool names(const json_t *list, const char *word)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(item), word))
			return true;
	return false;
}

static bool applies(const json_t *rule)
{
	const json_t *includes = json_object_get(rule, "includes");
	const json_t *excludes = json_object_get(rule, "excludes");
	const json_t *machines = json_object_get(includes, "arches");

	if (json_array_size(json_object_get(includes, "caps")) > 0)
		return false;
	if (json_array_size(machines) > 0 && !names(machines, MACHINE))
		return false;
	return !names(json_object_get(excludes, "arches"), MACHINE);
}

static uint32_t action_of(const json_t *rule)
{
	const json_t *error = json_object_get(rule, "errnoRet");
	const char *action = json_string_value(json_object_get(rule, "action"));

	if (!strcmp(action, "SCMP_ACT_ALLOW"))
		return SCMP_ACT_ALLOW;
	return SCMP_ACT_ERRNO(error ? (uint32_t)json_integer_value(error) : EPERM);
}

static struct scmp_arg_cmp compare_of(const json_t *arg)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} operators[] = {
		{ "SCMP_CMP_EQ", SCMP_CMP_EQ }, { "SCMP_CMP_NE", SCMP_CMP_NE },
		{ "SCMP_CMP_LT", SCMP_CMP_LT }, { "SCMP_CMP_LE", SCMP_CMP_LE },
		{ "SCMP_CMP_GT", SCMP_CMP_GT }, { "SCMP_CMP_GE", SCMP_CMP_GE },
		{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	};
	const char *name = json_string_value(json_object_get(arg, "op"));
	struct scmp_arg_cmp compare = {
		.arg = (unsigned)json_integer_value(json_object_get(arg, "index")),
		.datum_a = (uint64_t)json_integer_value(json_object_get(arg, "value")),
		.datum_b = (uint64_t)json_integer_value(json_object_get(arg, "valueTwo")),
	};

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strcmp(operators[i].name, name))
			compare.op = operators[i].op;
	return compare;
}

/* A call that this library does not know is left to the default, as a runtime does it. */
static int add_rule(scmp_filter_ctx context, const json_t *rule)
{
	struct scmp_arg_cmp compares[ARGS_MAX];
	unsigned count = 0;
	json_t *item;
	size_t i;
	int e = 0;

	json_array_foreach(json_object_get(rule, "args"), i, item)
		if (count < ARGS_MAX)
			compares[count++] = compare_of(item);
	json_array_foreach(json_object_get(rule, "names"), i, item) {
		int nr = seccomp_syscall_resolve_name(json_string_value(item));

		if (nr != __NR_SCMP_ERROR && e == 0)
			e = seccomp_rule_add_array(context, action_of(rule), nr, count, compares);
	}
	return e;
}

static int load(const json_t *profile)
{
	const json_t *error = json_object_get(profile, "defaultErrnoRet");
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO((uint32_t)json_integer_value(error)));
	json_t *rule;
	size_t i;
	int e = context ? 0 : -ENOMEM;

	if (e == 0)
		e = seccomp_arch_add(context, SCMP_ARCH_X86);
	if (e == 0)
		e = seccomp_arch_add(context, SCMP_ARCH_X32);
	json_array_foreach(json_object_get(profile, "syscalls"), i, rule)
		if (e == 0 && applies(rule))
			e = add_rule(context, rule);
	if (e == 0)
		e = seccomp_load(context);
	seccomp_release(context);
	return e;
}

int profile_load_docker(void)
{
	json_t *profile = json_loadb(profile_docker, (size_t)(profile_docker_end - profile_docker),
				     0, NULL);
	int e = profile ? load(profile) : -EINVAL;

	json_decref(profile);
	errno = -e;
	return e < 0 ? -1 : 0;
}

int profile_take_listener(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	const struct sock_fprog program = { .len = 1, .filter = code };
	long listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			   &program);
	/* Kept open over exec: without it the kernel answers every notification with ENOSYS. */
	return listener < 0 || dup2((int)listener, 100) < 0 ? -1 : 0;
}

int profile_forget_wait_killable(void)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	int e = context ? seccomp_rule_add(context, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(seccomp), 1,
					   SCMP_A1(SCMP_CMP_MASKED_EQ,
						   SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
						   SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
			: -ENOMEM;

	if (e == 0)
		e = seccomp_load(context);
	seccomp_release(context);
	errno = -e;
	return e < 0 ? -1 : 0;
}

int profile_keep_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct data[2] = {
		{ (uint32_t)mask, (uint32_t)mask, (uint32_t)mask },
		{ (uint32_t)(mask >> 32), (uint32_t)(mask >> 32), (uint32_t)(mask >> 32) },
	};

	for (int i = 0; i < 64; i++)
		if (!(mask >> i & 1) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 &&
		    prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			return -1;
	return (int)syscall(SYS_capset, &header, data);
}

int profile_become(uid_t uid)
{
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0)
		return -1;
	return setresuid(uid, uid, uid);
}
