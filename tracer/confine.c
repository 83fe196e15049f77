/* SPDX-License-Identifier: Apache-2.0 */
/* confine.c: see confine.h. */
#include "tracer/confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "filters/landlock.h"
#include "filters/landlock_abi.h"

#define FIRST_CLOSED 3
#define LISTING_SIZE 4096

/* ---- no_new_privs and Landlock ---- */

int confine_no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 0)
		return 0;
	return abi > LANDLOCK_ABI_MAX ? LANDLOCK_ABI_MAX : (int)abi;
}

/* Leaving out such a root only narrows the domain. */
static bool is_out_of_reach(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == ELOOP ||
	       error == ENAMETOOLONG;
}

/* The kernel refuses rights to a file that only a folder can have. */
static int narrow(int fd, uint64_t *access)
{
	struct stat stat;

	if (!(*access & ~LANDLOCK_FILE_RIGHTS))
		return 0;
	if (fstat(fd, &stat) < 0)
		return -errno;
	if (!S_ISDIR(stat.st_mode))
		*access &= LANDLOCK_FILE_RIGHTS;
	return 0;
}

static int add_root(int ruleset, const struct landlock_root *root, uint64_t handled)
{
	cleanup_close int fd = open(root->path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = { .parent_fd = fd };
	uint64_t access = root->access & handled;
	int error;

	if (fd < 0)
		return is_out_of_reach(errno) ? 0 : -errno;
	error = narrow(fd, &access);
	if (error)
		return error;
	if (!access)
		return 0;        /* the kernel answers an empty rule with ENOMSG */
	rule.allowed_access = access;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
		return 0;
	/* A pipe behind /dev/stdin: file systems without a place in the tree are not restricted. */
	return errno == EBADFD ? 0 : -errno;
}

static int enter_domain(int ruleset, int abi)
{
	/* A script must not be able to fill the audit log through domains that it nests in ours. */
	unsigned flags = abi >= 7 ? LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF : 0;

	return syscall(SYS_landlock_restrict_self, ruleset, flags) < 0 ? -errno : 0;
}

int confine_landlock(const struct landlock_plan *plan)
{
	const struct landlock_ruleset_abi6 attr = {
		.handled_access_fs = plan->handled_fs,
		.handled_access_net = plan->handled_net,
		.scoped = plan->scoped,
	};
	cleanup_close int ruleset = -1;

	if (plan->abi == 0)
		return 0;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return -errno;
	for (size_t i = 0; i < plan->root_count; i++) {
		int error = add_root(ruleset, &plan->roots[i], plan->handled_fs);

		if (error)
			return error;
	}
	return enter_domain(ruleset, plan->abi);
}

/* ---- capabilities ---- */

/* capabilities(7): root's exec fills its sets again, unless SECBIT_NOROOT is set. */
static int lock_securebits(void)
{
	int bits = prctl(PR_GET_SECUREBITS);

	if (bits < 0)
		return -errno;
	bits |= SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;
	return prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0 ? -errno : 0;
}

/* The kernel may know more capabilities than our headers: until it says EINVAL. */
static int drop_bounding_set(void)
{
	int cap = 0;

	while (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
		cap++;
	return errno == EINVAL ? 0 : -errno;
}

int confine_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int error;

	error = drop_bounding_set();
	if (!error)
		error = lock_securebits();
	if (error && error != -EPERM)
		return error;
	/* The ambient set goes with them: it holds nothing that is not permitted. */
	return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

/* ---- descriptors ---- */

/* The smallest listed descriptor that is at least `from`; INT_MAX: none. */
static int next_kept(const int *keep, int from)
{
	int next = INT_MAX;

	for (; keep && *keep >= 0; keep++) {
		if (*keep >= from && *keep < next)
			next = *keep;
	}
	return next;
}

static int close_from(int first, int last)
{
	unsigned end = last == INT_MAX ? ~0U : (unsigned)last;

	return syscall(SYS_close_range, (unsigned)first, end, 0) < 0 ? -errno : 0;
}

static int close_around(const int *keep)
{
	int first = FIRST_CLOSED;

	for (;;) {
		int kept = next_kept(keep, first);
		int error = 0;

		if (kept == INT_MAX)
			return close_from(first, INT_MAX);
		if (kept > first)
			error = close_from(first, kept - 1);
		if (error)
			return error;
		first = kept + 1;
	}
}

/* The number that a name in /proc/self/fd stands for; -1 for "." and "..". */
static int descriptor_of(const char *name)
{
	int fd = 0;

	if (*name < '0' || *name > '9')
		return -1;
	for (; *name; name++)
		fd = 10 * fd + (*name - '0');
	return fd;
}

static void close_listed(const char *listing, size_t size, int folder, const int *keep)
{
	for (size_t at = 0; at < size; ) {
		const struct dirent64 *entry = (const void *)(listing + at);
		int fd = descriptor_of(entry->d_name);

		if (fd >= FIRST_CLOSED && fd != folder && next_kept(keep, fd) != fd)
			close(fd);
		at += entry->d_reclen;
	}
}

/*
 * Some container profiles refuse close_range(2).  Entries of /proc/self/fd are found again by
 * number, so that closing while reading skips none; readdir(3) would allocate.
 */
static int close_one_by_one(const int *keep)
{
	_Alignas(struct dirent64) char listing[LISTING_SIZE];
	cleanup_close int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return -errno;
	for (;;) {
		long size = syscall(SYS_getdents64, folder, listing, sizeof(listing));

		if (size <= 0)
			return size < 0 ? -errno : 0;
		close_listed(listing, (size_t)size, folder, keep);
	}
}

int confine_descriptors(const int *keep)
{
	int error = close_around(keep);

	return error == -ENOSYS || error == -EPERM ? close_one_by_one(keep) : error;
}
